"""Training does what it did when its TRAINING_VERSION was set: names of runs rely on it, and on nothing else."""

from typing import Any

import pytest
import torch

from course import models, objectives
from course.run_config import RunConfig
from tests.course import fingerprints

CONFIGS = fingerprints.configs()
STORED = fingerprints.stored()


def advice(name: str, config: RunConfig, difference: float) -> str:
    """What to do when a fingerprint is red."""
    modules = ", ".join(f"{each}.py" for each in config.versions)
    return (
        f"20 steps of {name} are not those that are stored: expected a difference below {fingerprints.TOLERANCE}, got "
        f"{difference:.2g}. If training should do what it did, your change is a mistake. If it should do something "
        f"else, raise TRAINING_VERSION in the module that changed (one of {modules}; training.py where every "
        "fingerprint is red), store the fingerprints with `python -m tests.course.fingerprints`, and train what the "
        "site shows again with `make shipped`."
    )


@pytest.mark.parametrize("name", CONFIGS)
def test_training_does_what_its_version_says(name: str) -> None:
    difference = fingerprints.made(CONFIGS[name]).difference(STORED[name])
    assert difference < fingerprints.TOLERANCE, advice(name, CONFIGS[name], difference)


def test_every_fingerprint_is_stored_and_no_other() -> None:
    assert STORED.keys() == CONFIGS.keys()


NAME = "lines64 VAE"


def test_another_constant_of_the_optimiser_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    adam: Any = torch.optim.Adam
    monkeypatch.setattr(torch.optim, "Adam", lambda parameters, **k: adam(parameters, **k | {"betas": (0.9, 0.98)}))
    assert fingerprints.made(CONFIGS[NAME]).difference(STORED[NAME]) > fingerprints.TOLERANCE


def test_another_loss_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right: Any = objectives.vae_loss
    monkeypatch.setattr(models, "vae_loss", lambda *terms, **named: right(*terms[:-1], 1.01 * terms[-1], **named))
    assert fingerprints.made(CONFIGS[NAME]).difference(STORED[NAME]) > fingerprints.TOLERANCE


def test_the_advice_names_the_modules() -> None:
    words = advice(NAME, CONFIGS[NAME], 0.5)
    assert "one of models.py, patterns.py, training.py" in words
    assert "make shipped" in words
