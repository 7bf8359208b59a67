import inspect

import numpy as np
import pytest
import torch

from course import metrics
from course.models import VAE
from course.patterns import lines64
from course.studies.small_loop import train


def trained(steps: int) -> tuple[VAE, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    vae = VAE(generator=generator)
    return vae, train(vae, torch.from_numpy(lines64().images), steps, generator=generator)


def test_it_learns_and_stays_above_the_floor() -> None:
    vae, curve = trained(300)
    x = torch.from_numpy(lines64().images)
    cost = metrics.negative_elbo(vae, x, 20, generator=torch.Generator().manual_seed(1))
    assert curve.shape == (300, 3)
    assert curve[0, 1] == pytest.approx(256 * np.log(2), rel=0.05)  # every pixel one half
    assert lines64().entropy < cost < 60 < 85.9  # far below a model that says nothing


def test_its_steps_are_those_of_the_loss_and_repeat() -> None:
    _, curve = trained(20)
    beta = torch.tensor([4 - 3 * min(1, step / 10) for step in range(20)])
    assert torch.allclose(curve[:, 0], curve[:, 1] + beta * curve[:, 2], rtol=1e-5)
    assert torch.equal(curve, trained(20)[1])


def test_it_is_as_short_as_the_page_says() -> None:
    body = inspect.getsource(train).split('"""')[2]
    assert len([line for line in body.splitlines() if line.strip()]) <= 15
