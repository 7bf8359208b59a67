"""Names of runs follow from parameters and versions, and from nothing else."""

import re
from dataclasses import dataclass, field, fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import identity, models, training
from course.labelled import BranchedVAE, Classifier
from course.models import VAE, Autoencoder
from course.run_config import RunConfig
from course.training import Settings

START2, BRIEF = Settings(beta=2, beta_start=2, seed=3), Settings(steps=300, learning_rate=0.003)
BETAS = st.floats(0, 100, allow_nan=False)


@pytest.mark.parametrize(
    ("config", "readable"),
    [(RunConfig.of("lines64"), "lines64-vae-d8-b4to1-s0"),
     (RunConfig.of("lines64", VAE, {"hidden_dim": 32}, START2), "lines64-vae-d8-h32-b2-s3"),
     (RunConfig.of("fashion", Autoencoder, {"latent_dim": 2, "depth": 4}), "fashion-ae-d2-depth4-s0"),
     (RunConfig.of("fashion", BranchedVAE, {"branch": "trunk"}), "fashion-branched-d16-branchtrunk-b1-s0"),
     (RunConfig.of("fashion", Classifier), "fashion-classifier-s0"),
     (RunConfig.of("lines64", settings=BRIEF), "lines64-vae-d8-b4to1-n300-lr0.003-s0")],
)  # fmt: skip
def test_a_name_says_the_parameters_that_matter(config: RunConfig, readable: str) -> None:
    assert re.fullmatch(f"{re.escape(readable)}-[0-9a-f]{{8}}", config.name)


def test_the_names_of_shipped_runs_stay() -> None:
    """These are in readers' stores; if they change, each reader trains again."""
    assert RunConfig.of("lines64").name == "lines64-vae-d8-b4to1-s0-6c55f58e"
    assert RunConfig.of("fashion", BranchedVAE, {"gamma": 30}).name == "fashion-branched-d16-gamma30-b1-s0-0a608747"


def test_source_text_is_no_part_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = RunConfig.of("lines64").name
    monkeypatch.setattr(training, "fit", None)
    monkeypatch.setattr(training, "__doc__", "another")
    assert RunConfig.of("lines64").name == before


def test_a_version_is_a_part_of_the_names_of_what_it_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    vae, classifier = RunConfig.of("lines64").name, RunConfig.of("lines64", Classifier).name
    monkeypatch.setattr(models, "TRAINING_VERSION", 2)
    assert RunConfig.of("lines64").name != vae
    assert RunConfig.of("lines64", Classifier).name == classifier


@given(BETAS, BETAS, st.integers(0, 2**31), st.integers(1, 10_000))
@settings(max_examples=50, deadline=None)
def test_one_training_one_name(beta: float, start: float, seed: int, steps: int) -> None:
    one = RunConfig.of("lines64", VAE, {}, Settings(beta=beta, beta_start=start, seed=seed, steps=steps))
    other = RunConfig.of("lines64", VAE, {}, Settings(beta=beta, beta_start=start, seed=seed + 1, steps=steps))
    assert one.name != other.name
    assert re.fullmatch(r"[A-Za-z0-9._-]+", one.name)


def test_how_a_number_is_typed_does_not_matter() -> None:
    typed = [RunConfig.of("lines64", BranchedVAE, {"gamma": g}, Settings(beta=b)) for g, b in ((2, 1), (2.0, 1.0))]
    assert typed[0].name == typed[1].name


@dataclass(frozen=True)
class Later(Settings):
    """Settings with one that was added later."""

    free_bits: float = field(default=0.0, metadata={"neutral": 0.0})


def test_a_setting_that_is_added_later_leaves_names_as_they_are() -> None:
    assert RunConfig.of("lines64", settings=Later()).name == RunConfig.of("lines64").name
    assert RunConfig.of("lines64", settings=Later(free_bits=0.5)).name != RunConfig.of("lines64").name


def test_every_parameter_is_in_the_digest() -> None:
    changed: dict[str, Any] = {
        "steps": 5, "batch_size": 32, "learning_rate": 0.5, "beta": 3, "beta_start": 3, "anneal": 0.25, "seed": 9,
    }  # fmt: skip
    assert changed.keys() == {each.name for each in fields(Settings)}
    digests = {RunConfig.of("lines64", settings=Settings(**{n: v})).name[-8:] for n, v in changed.items()}
    assert len(digests) == len(changed)


def test_a_module_without_a_version_is_refused() -> None:
    with pytest.raises(AttributeError, match="TRAINING_VERSION"):
        identity.versions(["course.files"])
