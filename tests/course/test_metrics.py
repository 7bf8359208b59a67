# mypy: untyped-calls-exclude=torch.distributions
# torch leaves log_prob without annotations

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from course import metrics
from course.models import VAE
from course.patterns import lines64
from course.training import Settings, fit


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def x() -> torch.Tensor:
    return (torch.rand(5, 6, generator=generator(2)) > 0.5).float()


@pytest.fixture(scope="module")
def model(x: torch.Tensor) -> VAE:
    """A VAE small enough to integrate its marginal likelihood on a grid, with posteriors that fit a little."""
    vae = VAE(input_dim=6, hidden_dim=8, latent_dim=1, generator=generator(1))
    fit(vae, x, Settings(steps=300))
    return vae


@torch.no_grad()
def true_nll(model: VAE, x: torch.Tensor) -> float:
    """-log p(x) by quadrature over the one latent dimension, in float64."""
    z = torch.linspace(-9, 9, 20001).unsqueeze(1)
    log_p = Bernoulli(logits=model.decode_logits(z)[:, None]).log_prob(x[None]).sum(dim=2).double()  # (G, N)
    log_prior = Normal(0.0, 1.0).log_prob(z).double()
    return -torch.logsumexp(log_p + log_prior + np.log(18 / 20000), dim=0).mean().item()


@torch.no_grad()
def test_negative_elbo_by_quadrature(model: VAE, x: torch.Tensor) -> None:
    mu, log_var = model.posterior(x)
    sigma = (0.5 * log_var).exp()
    eps = torch.linspace(-8, 8, 4001)
    weight = Normal(0.0, 1.0).log_prob(eps).exp() * (16 / 4000)
    z = mu + sigma * eps  # (N, G)
    log_p = Bernoulli(logits=model.decode_logits(z.reshape(-1, 1)).reshape(5, -1, 6)).log_prob(x[:, None]).sum(dim=2)
    exact = -(log_p * weight).sum(dim=1).mean() + kl_divergence(Normal(mu, sigma), Normal(0.0, 1.0)).sum(dim=1).mean()
    assert metrics.negative_elbo(model, x, 20000, generator=generator()) == pytest.approx(exact.item(), abs=0.01)


def test_rate_and_distortion_are_the_two_halves_of_the_negative_elbo(model: VAE, x: torch.Tensor) -> None:
    with torch.no_grad():
        mu, log_var = model.posterior(x)
    exact = kl_divergence(Normal(mu, (0.5 * log_var).exp()), Normal(0.0, 1.0)).sum(dim=1).mean()
    assert metrics.rate(model, x) == pytest.approx(exact.item(), rel=1e-5, abs=1e-7)
    halves = metrics.rate(model, x) + metrics.distortion(model, x, 50, generator=generator(3))
    assert halves == metrics.negative_elbo(model, x, 50, generator=generator(3))


def test_iwae_lies_between_the_likelihood_and_the_negative_elbo(model: VAE, x: torch.Tensor) -> None:
    nll = true_nll(model, x)
    elbo = metrics.negative_elbo(model, x, 5000, generator=generator())

    def iwae(k: int) -> np.floating:
        return np.mean([metrics.iwae(model, x, k, generator=generator(s)) for s in range(200 // k + 1)])

    bounds = [iwae(k) for k in (2, 20, 2000)]
    assert nll - 0.005 < bounds[2] <= bounds[1] + 0.02 <= bounds[0] + 0.04 <= elbo + 0.06
    assert bounds[2] == pytest.approx(nll, abs=0.01)


def test_one_importance_sample_is_the_elbo(model: VAE, x: torch.Tensor) -> None:
    one = np.mean([metrics.iwae(model, x, 1, generator=generator(s)) for s in range(4000)])
    assert one == pytest.approx(metrics.negative_elbo(model, x, 4000, generator=generator()), abs=0.05)


def test_validity_and_exact_reconstructions(monkeypatch: pytest.MonkeyPatch) -> None:
    templates = lines64().images
    images = templates[:4] * 0.4 + 0.3  # 0.3 and 0.7: still on the right side of one half
    images[3, 0] = 1 - images[3, 0]
    assert metrics.validity(images, templates) == 0.75

    perfect = VAE()
    monkeypatch.setattr(perfect, "decode", lambda *_: torch.from_numpy(templates))
    assert metrics.exact_reconstructions(perfect, torch.from_numpy(templates)) == 1
    damaged = torch.from_numpy(templates).clone()
    damaged[:16, 5] = 1 - damaged[:16, 5]
    assert metrics.exact_reconstructions(perfect, damaged) == 0.75


def test_active_units_and_strongest() -> None:
    kls = np.array([0.5, 0.0, 0.01, 2.0, 0.011], np.float32)
    assert metrics.active_units(kls) == 3
    assert metrics.active_units(kls, 1.0) == 1
    assert metrics.strongest(kls) == [3, 0]
    assert metrics.strongest(kls, 5) == [3, 0, 4, 2, 1]


def test_step_sizes() -> None:
    assert metrics.step_sizes(np.array([[0, 0], [1, 2], [1, 2]], np.float32)).tolist() == [3, 0]


def test_quality_stands_beside_the_floor() -> None:
    vae = VAE(hidden_dim=8, latent_dim=2, generator=generator())
    quality = metrics.quality(vae, lines64(), generator=generator())
    assert quality["negative_elbo"] >= quality["iwae"] >= quality["entropy_floor"] == pytest.approx(np.log(64))


def test_no_samples_are_refused(model: VAE, x: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="num_samples must be at least 1"):
        metrics.iwae(model, x, 0, generator=generator())
