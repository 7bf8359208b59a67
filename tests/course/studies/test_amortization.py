# mypy: untyped-calls-exclude=torch.distributions
# torch leaves its annotations out there

import pytest
import torch
from torch import Generator, Tensor
from torch.distributions import MultivariateNormal, kl_divergence

from course.models import VAE
from course.objectives import kl
from course.studies.amortization import Gaussians, encoded, negative_elbos, refined
from course.training import Settings, fit


def generator(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def x() -> Tensor:
    return (torch.rand(5, 6, generator=generator(2)) > 0.5).float()


@pytest.fixture(scope="module")
def model(x: Tensor) -> VAE:
    vae = VAE(input_dim=6, hidden_dim=8, latent_dim=2, generator=generator(1))
    fit(vae, x, Settings(steps=100))
    return vae


def test_kl_of_any_covariance_is_torchs() -> None:
    scale = torch.tril(torch.randn(4, 3, 3, generator=generator()))
    scale.diagonal(dim1=1, dim2=2).exp_()
    mu = torch.randn(4, 3, generator=generator(1))
    wanted = kl_divergence(
        MultivariateNormal(mu, scale_tril=scale), MultivariateNormal(torch.zeros(3), scale_tril=torch.eye(3))
    )
    torch.testing.assert_close(Gaussians(mu, scale).kl, wanted)


def test_draws_have_the_mean_and_the_covariance_asked_for() -> None:
    scale = torch.tensor([[[1.0, 0.0], [-0.6, 0.5]]])
    z = Gaussians(torch.tensor([[2.0, -1.0]]), scale).draw(200_000, generator())
    torch.testing.assert_close(z.mean(dim=0), torch.tensor([[2.0, -1.0]]), rtol=0, atol=0.02)
    torch.testing.assert_close(torch.cov(z[:, 0].T), scale[0] @ scale[0].T, rtol=0, atol=0.02)


def test_what_is_encoded_costs_what_the_encoder_says(model: VAE, x: Tensor) -> None:
    torch.testing.assert_close(encoded(model, x).kl, kl(*model.posterior(x)).detach())


@pytest.mark.parametrize("full", [False, True])
def test_refining_lowers_the_negative_elbo_and_leaves_the_model_alone(model: VAE, x: Tensor, full: bool) -> None:
    weights = [each.clone() for each in model.parameters()]
    better = refined(model, x, full=full, generator=generator(), steps=150)
    before, after = (
        negative_elbos(model, x, each, 2000, generator=generator(4)).mean() for each in (encoded(model, x), better)
    )
    assert after < before
    assert bool((better.scale[:, 1, 0] != 0).any()) is full
    assert all(torch.equal(a, b) for a, b in zip(weights, model.parameters(), strict=True))


def test_a_decoder_that_ignores_z_is_refined_to_the_prior(x: Tensor) -> None:
    deaf = VAE(input_dim=6, hidden_dim=8, latent_dim=2, generator=generator(1))
    with torch.no_grad():
        next(deaf.decoder.parameters()).zero_()
    assert float(refined(deaf, x, full=True, generator=generator(), steps=500).kl.max()) < 0.01
