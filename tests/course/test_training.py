import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from course.models import VAE
from course.patterns import lines64
from course.training import History, Settings, check_images, fit


def small(seed: int = 0, beta: float = 1.0, beta_start: float = 4.0) -> tuple[VAE, History]:
    model = VAE(latent_dim=2, hidden_dim=16, generator=torch.Generator().manual_seed(seed))
    settings = Settings(steps=60, batch_size=20, seed=seed, beta=beta, beta_start=beta_start)
    return model, fit(model, lines64().images, settings)


def test_same_seed_gives_bit_equal_weights_and_another_seed_does_not() -> None:
    first, second, other = (small(seed)[0].state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["fc_mu.weight"], other["fc_mu.weight"])


def test_another_process_gives_bit_equal_weights(tmp_path: Path) -> None:
    code = (
        "import sys, torch; torch.set_num_threads(1)\n"
        "from course.models import VAE; from course.patterns import lines64\n"
        "from course.training import Settings, fit\n"
        "model = VAE(latent_dim=2, hidden_dim=16, generator=torch.Generator().manual_seed(0))\n"
        "fit(model, lines64().images, Settings(steps=60, batch_size=20, seed=0))\n"
        "sys.stdout.write(model.fc_mu.weight.detach().numpy().tobytes().hex())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert run.stdout == small()[0].fc_mu.weight.detach().numpy().tobytes().hex()


def test_history_has_a_row_a_step_and_means_an_epoch() -> None:
    _, history = small()
    assert history.steps.shape == (60, 3)
    assert history.batches_per_epoch == 3
    assert history.epochs.shape == (20, 3)
    np.testing.assert_allclose(history.epochs[1], history.steps[3:6].mean(axis=0), rtol=1e-6)
    assert history.epochs[-1, 0] < 0.8 * history.epochs[0, 0]


@pytest.mark.parametrize("start", [0.0, 3.0, 5.0])
def test_the_weight_of_the_kl_moves_from_its_start_to_beta(start: float) -> None:
    _, history = small(beta=3.0, beta_start=start)
    total, distortion, rate = history.steps.T
    weight = start + (3 - start) * np.minimum(1, np.arange(60) / 30)
    np.testing.assert_allclose(total, distortion + weight * rate, rtol=1e-5)


def test_mode_and_global_random_state_are_left_alone() -> None:
    state = torch.get_rng_state()
    model = VAE(latent_dim=2, hidden_dim=8, generator=torch.Generator()).eval()
    fit(model, lines64().images, Settings(steps=2))
    assert not model.training
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("count", [1, 3, 64, 65])
def test_any_number_of_images_can_be_learned(count: int) -> None:
    images = np.tile(lines64().images, (2, 1))[:count]
    history = fit(VAE(latent_dim=2, hidden_dim=8, generator=torch.Generator()), images, Settings(steps=5))
    assert len(history.steps) == 5


def nan_images() -> NDArray[np.float32]:
    images = lines64().images.copy()
    images[7, 3] = np.nan
    return images


@pytest.mark.parametrize(
    ("images", "error", "words"),
    [
        (nan_images(), ValueError, "must be finite, but 1 hold NaN or infinity; first: 7"),
        (lines64().images.reshape(64, 16, 16), ValueError, r"shape \(N, 256\), one image a row, got \(64, 16, 16\)"),
        (lines64().images[:, :100], ValueError, r"got \(64, 100\)"),
        (lines64().images[:0], ValueError, "at least one image, got none"),
        (lines64().images * 255, ValueError, r"lie in \[0, 1\], got values from 0 to 255"),
        (lines64().images - 0.5, ValueError, "from -0.5 to 0.5"),
        ((lines64().images * 255).astype(np.uint8), TypeError, "divide 8-bit images by 255"),
    ],
    ids=["nan", "shape", "pixels", "empty", "scale", "negative", "integers"],
)
def test_bad_images_are_refused_with_what_was_expected_and_what_came(
    images: NDArray[np.floating], error: type[Exception], words: str
) -> None:
    model = VAE(generator=torch.Generator().manual_seed(0))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(error, match=words):
        fit(model, images, Settings(steps=1))
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_good_images_pass_as_float32() -> None:
    assert check_images(lines64().images.astype(np.float64), 256).dtype == torch.float32


@pytest.mark.parametrize(
    "bad",
    [
        {"steps": 0},
        {"batch_size": 0},
        {"learning_rate": 0},
        {"beta": -1},
        {"beta_start": -1},
        {"anneal": 1.5},
        {"learning_rate": float("nan")},
    ],
)
def test_impossible_settings_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        Settings(**bad)


def test_divergence_is_named() -> None:
    model = VAE(latent_dim=2, hidden_dim=8, generator=torch.Generator())
    with pytest.raises(FloatingPointError, match="smaller learning rate"):
        fit(model, lines64().images, Settings(steps=300, learning_rate=1e6))


def test_interrupt_keeps_what_was_learned() -> None:
    model = VAE(latent_dim=2, hidden_dim=8, generator=torch.Generator())

    def stop(step: int) -> None:
        if step == 7:
            raise KeyboardInterrupt

    history = fit(model, lines64().images, Settings(steps=100), after_step=stop)
    assert history.interrupted
    assert len(history.steps) == 7


def test_ctrl_c_in_the_shell_keeps_the_weights(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "course.cli", "train", "--steps", "1000000", "--out", "kept.safetensors"]
    master, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=terminal, text=True)
    os.close(terminal)
    shown = b""
    deadline = time.monotonic() + 60
    while b"nats" not in shown and time.monotonic() < deadline:
        if select.select([master], [], [], 1)[0]:
            shown += os.read(master, 4096)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    os.close(master)
    assert "Interrupted; kept kept.safetensors" in out
    assert process.returncode == 130
    assert b"step/s" in shown  # the bar of a terminal
    from course import checkpoints

    assert checkpoints.load(tmp_path / "kept.safetensors").latent_dim == 8
    assert 0 < checkpoints.read_record(tmp_path / "kept.safetensors")["steps_done"] < 1000000
