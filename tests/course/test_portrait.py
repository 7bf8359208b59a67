from pathlib import Path
from typing import Any

import imageio.v3 as iio
import numpy as np
import pytest

from course.figures.portrait import curves, portrait
from course.labelled import BranchedVAE, ConditionalVAE
from course.models import VAE, Autoencoder, LatentModel
from course.run_config import RunConfig
from course.training import History, Settings


@pytest.mark.parametrize("latent_dim", [1, 2, 3])
@pytest.mark.parametrize("kind", [Autoencoder, VAE, ConditionalVAE, BranchedVAE])
def test_every_kind_has_a_portrait_after_one_step(kind: type[Any], latent_dim: int, tmp_path: Path) -> None:
    plan = RunConfig.of("lines64", kind, {"latent_dim": latent_dim, "hidden_dim": 4}, Settings(steps=1))
    model, history = plan.train(progress=False)
    assert isinstance(model, LatentModel)
    picture = iio.imread(portrait(model, "lines64", history, tmp_path / "p.png"))
    assert picture.std() > 10


def test_clothes_have_a_portrait_too(tmp_path: Path) -> None:
    plan = RunConfig.of("fashion-sample", ConditionalVAE, {"latent_dim": 2, "hidden_dim": 4}, Settings(steps=3))
    model, history = plan.train(progress=False)
    assert isinstance(model, LatentModel)
    assert iio.imread(portrait(model, "fashion-sample", history, tmp_path / "p.png")).std() > 10


def test_curves_of_trainings_with_other_terms_share_a_picture(tmp_path: Path) -> None:
    two = [
        ("short", History(1, np.ones((7, 3), np.float32))),
        ("none", History(1, np.ones((250, 1), np.float32), names=("total",))),
    ]
    assert iio.imread(curves(two, tmp_path / "c.png")).std() > 1
