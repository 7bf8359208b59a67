import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from sklearn.decomposition import PCA
from torch import nn

from course import checkpoints, datasets, runs
from course.cli import main
from course.explorer import contents, encoders, lessons, readers
from course.explorer import page as explorer_page
from course.labelled import BranchedVAE, Classifier, ConditionalVAE
from course.models import VAE, Autoencoder
from course.run_config import build
from course.training import Settings


def parsed(script: str) -> tuple[str, str, dict[str, Any]]:
    """The three arguments of latentExplorer.add(...)."""
    what, name, payload = json.loads("[" + script.removeprefix("latentExplorer.add(").removesuffix(");\n") + "]")
    return what, name, payload


def halves(text: str) -> np.ndarray:
    return np.frombuffer(b64decode(text), "<f2").astype(np.float32)


def test_a_model_comes_with_its_decoder_and_the_codes_of_its_images() -> None:
    vae = checkpoints.load("lines64")
    payload = contents.model_payload(vae, "lines64", "Reference")
    assert payload["sizes"] == [8, 128, 128, 256]
    weights = halves(payload["weights"])
    expected = torch.cat([p.reshape(-1) for p in vae.decoder.state_dict().values()]).numpy().astype(np.float16)
    assert (weights == expected.astype(np.float32)).all()
    with torch.no_grad():
        mu, log_var = vae.posterior(torch.from_numpy(datasets.images_of("lines64").images))
    assert halves(payload["mu"]).reshape(64, 8) == pytest.approx(mu.numpy(), abs=5e-3)
    assert halves(payload["logVar"]).reshape(64, 8) == pytest.approx(log_var.numpy(), abs=1e-2)
    prior = torch.distributions.Normal(torch.zeros(8), torch.ones(8))
    kl = torch.distributions.kl_divergence(torch.distributions.Normal(mu, torch.exp(log_var / 2)), prior).mean(dim=0)
    assert payload["kl"] == pytest.approx(kl.tolist(), abs=1e-4)


@pytest.mark.parametrize(
    ("kind", "inputs", "outputs"), [(VAE, 256, 16), (Autoencoder, 256, 8), (ConditionalVAE, 260, 16)]
)
def test_an_encoder_ends_with_all_its_heads(kind: Any, inputs: int, outputs: int) -> None:
    size = {"input_dim": 256, "hidden_dim": 10, **({"num_classes": 4} if kind is ConditionalVAE else {})}
    model = build(size, 0, kind)
    payload = encoders.encoder_payload(model, "lines64")
    assert payload["sizes"] == [inputs, 10, 10, outputs]
    last = halves(payload["weights"])[-11 * outputs :]
    expected = [
        parameter.detach().numpy() for head in model.heads for parameter in [model.get_parameter(f"{head}.weight")]
    ]
    assert last[: 10 * outputs].reshape(outputs, 10) == pytest.approx(np.vstack(expected), abs=1e-3)
    assert set(payload["usual"]) == ({"reconstruction"} if kind is Autoencoder else {"reconstruction", "kl", "bound"})


def test_what_images_cost_is_their_range() -> None:
    vae, x = checkpoints.load("lines64"), torch.from_numpy(datasets.images_of("lines64").images)
    usual = encoders.encoder_payload(vae, "lines64")["usual"]
    with torch.no_grad():
        mu, log_var = vae.posterior(x)
        prior, posterior = torch.distributions.Normal(0, 1), torch.distributions.Normal(mu, torch.exp(log_var / 2))
        rate = torch.distributions.kl_divergence(posterior, prior).sum(dim=1)
        x_hat = vae.decode(mu).double()
        distortion = -torch.where(x == 1, x_hat, 1 - x_hat).log().sum(dim=1)
    for name, values in (("kl", rate), ("reconstruction", distortion), ("bound", rate + distortion)):
        assert usual[name] == pytest.approx([float(values.min()), float(values.max())], abs=1e-3)


def test_principal_components_are_those_of_scikit_learn() -> None:
    payload = contents.model_payload(checkpoints.load("lines64"), "lines64", "")
    codes, _ = contents.codes(checkpoints.load("lines64"), "lines64")
    pca = PCA(2).fit(codes.astype(np.float64))
    assert payload["pca"]["mean"] == pytest.approx(pca.mean_, abs=1e-4)
    for ours, theirs in zip(payload["pca"]["axes"], pca.components_, strict=True):
        assert abs(np.dot(ours, theirs)) == pytest.approx(1, abs=1e-4)
    assert payload["pca"]["share"] == pytest.approx(pca.explained_variance_ratio_.sum(), abs=1e-3)


def test_an_autoencoder_has_no_cloud_and_is_sorted_by_variance() -> None:
    model = build({}, 0, Autoencoder)
    payload = contents.model_payload(model, "lines64", "")
    codes, none = contents.codes(model, "lines64")
    assert payload["logVar"] is none is None
    assert payload["kl"] == pytest.approx(codes.var(axis=0), abs=1e-4)


@pytest.mark.parametrize("data", ["lines64", "bars512", "cross8x8", "classic", "parities", "fashion-sample"])
def test_images_come_whole_or_as_an_even_part(data: str) -> None:
    payload, images = contents.data_payload(data), contents.shown_images(data)
    assert payload["count"] == len(images) == len(payload["names"]) <= contents.MAX_IMAGES
    raw = np.frombuffer(b64decode(payload["pixels"]), np.uint8)
    pixels = np.unpackbits(raw) if payload["bits"] == 1 else raw / 255
    assert pixels.reshape(len(images), -1) == pytest.approx(images.images, abs=1 / 500)
    assert payload["side"] ** 2 == images.images.shape[1]
    assert payload["exact"] == (data in ("lines64", "bars512", "cross8x8", "parities"))
    counts = np.bincount(images.labels)[np.unique(images.labels)]
    assert counts.max() <= 1.2 * counts.min()


def test_words_for_images() -> None:
    names = contents.data_payload("lines64")["names"]
    assert names[0] == "thin diagonal at 4"
    assert len(set(names)) == 64
    assert "thick cross at 4, 11" in contents.data_payload("bars512")["names"]
    assert contents.data_payload("parities")["names"][:3] == ["0000", "0001", "0010"]


def test_scripts_hold_what_the_page_reads() -> None:
    assert parsed(lessons.data_script("lines64"))[:2] == ("data", "lines64")
    assert parsed(lessons.encoder_script("lines64-cvae"))[2]["sizes"] == [260, 32, 32, 16]
    what, name, payload = parsed(lessons.model_script("lines64-cvae"))
    assert (what, name) == ("model", "lines64-cvae")
    assert (payload["labels"], payload["sizes"][0]) == (4, 12)
    assert "classMap" not in payload
    plane = parsed(lessons.model_script("fashion-2"))[2]["classMap"]
    assert len(b64decode(plane["classes"])) == plane["side"] ** 2
    assert set(b64decode(plane["classes"])) <= set(range(10))


def test_stages_begin_untrained_and_end_with_the_model() -> None:
    found = parsed(lessons.stages_script("lines64-beta1"))[2]["stages"]
    trained = parsed(lessons.model_script("lines64-beta1"))[2]
    assert [stage["step"] for stage in found] == list(lessons.STAGES_AT)
    assert found[-1]["weights"] == trained["weights"]
    assert found[0]["weights"] != trained["weights"]


def test_unknown_models_are_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="there are lines64-beta1"):
        lessons.model("lines65")


@pytest.mark.parametrize(
    ("model", "data", "words"),
    [(build({"input_dim": 256, "num_classes": 4}, 0, Classifier), "lines64", "has no decoder"),
     (build({"latent_dim": 1}, 0), "lines64", "at least 2 latent dimensions, got 1"),
     (build({"input_dim": 100}, 0), "lines64", "expected 64 for digits, 256 for patterns, 784 for"),
     (build({"input_dim": 256, "num_classes": 7}, 0, ConditionalVAE), "lines64", "knows 7 classes")],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_what_would(model: Any, data: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        explorer_page.own_page(model, data, "", "")


def test_weights_that_16_bits_cannot_hold_are_refused() -> None:
    model = build({}, 0)
    with torch.no_grad():
        model.decoder.get_parameter("fc1.bias")[3] = 1e6
    with pytest.raises(ValueError, match="above 65504"):
        contents.model_payload(model, "lines64", "")


class Starter(nn.Module):
    """Layers as the exercises name them."""

    def __init__(self, inputs: int = 256, latent_dim: int = 3, extra: int = 0) -> None:
        super().__init__()
        self.encoder_fc1 = nn.Linear(inputs + extra, 20)
        self.encoder_fc2 = nn.Linear(20, 20)
        self.fc_mu, self.fc_log_var = nn.Linear(20, latent_dim), nn.Linear(20, latent_dim)
        self.decoder_fc1 = nn.Linear(latent_dim + extra, 20)
        self.decoder_fc2 = nn.Linear(20, 20)
        self.decoder_out = nn.Linear(20, inputs)

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        h = torch.relu(self.decoder_fc2(torch.relu(self.decoder_fc1(z))))
        return torch.sigmoid(self.decoder_out(h))


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_a_finished_starter_is_read_by_its_weights(tmp_path: Path, suffix: str) -> None:
    from safetensors.torch import save_file

    mine, path = Starter(), tmp_path / f"mine{suffix}"
    if suffix == ".pt":
        torch.save(mine.state_dict(), path)
    else:
        save_file(mine.state_dict(), path)
    own = readers.find(str(path))
    assert isinstance(own.model, VAE)
    z = torch.randn(5, 3)
    assert torch.equal(own.model.decode(z), mine.decode(z))
    assert own.images(None) == "lines64"
    names: dict[str, Any] = {}
    exec(own.python, names)
    assert torch.equal(names["model"].decode(z), mine.decode(z))


def test_a_conditional_starter_is_known_by_its_sizes() -> None:
    model = readers.from_starter(Starter(784, 5, extra=10).state_dict())
    assert isinstance(model, ConditionalVAE)
    assert (model.num_classes, model.latent_dim) == (10, 5)


def test_a_run_is_found_by_folder_and_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.load_or_train("lines64", {"hidden_dim": 8}, Settings(steps=3), tmp_path)
    [folder] = tmp_path.glob("lines64-*")
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(tmp_path))
    by_folder, by_name = readers.find(str(folder)), readers.find(folder.name)
    assert by_folder.images(None) == by_name.images(None) == "lines64"
    for own in (by_folder, by_name):
        assert isinstance(own.model, VAE)
        assert own.model.hidden_dim == 8


def test_a_checkpoint_keeps_the_dot_in_its_name(tmp_path: Path) -> None:
    for beta in ("0.5", "0.25"):
        checkpoints.save(build({}, 0), tmp_path / f"beta{beta}", {"data": "lines64", "beta": beta})
    own = readers.find(str(tmp_path / "beta0.25"))
    assert (own.title, own.record["beta"]) == ("beta0.25", "0.25")


class _Anything:
    """What a pickle could hold."""


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no weights", "holds no weights that can be read"), ([1, 2], "save vae.state_dict()"),
     ({"layer.weight": torch.zeros(2, 2)}, "expected layers encoder_fc1"), (_Anything(), "torch.save(vae.state_dict()"),
     ({**Starter().state_dict(), "decoder_fc2.weight": torch.zeros(9, 20)}, "do not fit together as a VAE"),
     ({**Starter().state_dict(), "decoder_out.weight": torch.zeros(99, 20), "decoder_out.bias": torch.zeros(99)},
      "do not fit together")],
)  # fmt: skip
def test_files_that_are_no_model_are_answered_in_words(content: object, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.pt"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)
    result = CliRunner().invoke(main, ["explore", str(path), "--no-open", "--out", str(tmp_path / "page.html")])
    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "page.html").exists()


def test_explore_writes_one_page_and_opens_it_if_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("click.launch", opened.append)
    out = tmp_path / "page.html"
    closed = CliRunner().invoke(main, ["explore", "lines64", "--out", str(out), "--no-open"])
    assert closed.exit_code == 0, closed.output
    assert opened == []
    page = out.read_text(encoding="utf-8")
    assert "src=" not in page
    assert "http" not in page.replace("http://www.w3.org", "")
    CliRunner().invoke(main, ["explore", "lines64", "--out", str(out)])
    assert opened == [out.as_uri()]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("nothing",), "nothing is there under 'nothing': expected a checkpoint"),
     (("lines64", "--data", "fashion-sample"), "name other images with --data"),
     (("lines64", "--out", "/proc/none/page.html"), "No such file or directory")],
)  # fmt: skip
def test_what_cannot_be_explored_is_said(arguments: tuple[str, ...], words: str) -> None:
    result = CliRunner().invoke(main, ["explore", *arguments, "--no-open"])
    assert result.exit_code == 1
    assert words in result.output


def test_a_branched_model_is_shown_by_its_decoder() -> None:
    payload = contents.model_payload(build({"input_dim": 256, "num_classes": 4}, 0, BranchedVAE), "lines64", "")
    assert payload["labels"] == 0
    assert payload["kind"] == "BranchedVAE"
