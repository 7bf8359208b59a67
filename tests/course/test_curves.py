from pathlib import Path

import numpy as np
import pytest

from course import runs
from course.curves import curve
from course.patterns import parities
from course.run_config import build
from course.training import Settings, fit

SIZE, SETTINGS = {"hidden_dim": 8, "latent_dim": 2}, Settings(steps=6)


@pytest.fixture(autouse=True)
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_SHIPPED", tmp_path / "none")


def test_a_curve_is_what_training_saw_and_is_trained_once(tmp_path: Path) -> None:
    model = build({"input_dim": 256, **SIZE}, 0)
    seen = fit(model, parities().images, SETTINGS, progress=False)
    for _ in range(2):
        kept = curve("parities", SIZE, SETTINGS, tmp_path / "store")
        assert np.allclose(kept.steps, seen.steps)
        assert kept.names == ("total", "reconstruction", "kl")
    assert len(list((tmp_path / "store").glob("[!.]*"))) == 1


def test_a_store_that_cannot_keep_the_run_still_gives_its_curve(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.warns(runs.NotKept):
        found = curve("parities", SIZE, SETTINGS, tmp_path / "file")
    assert found.steps.shape == (6, 3)
