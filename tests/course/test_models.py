from typing import Any

import pytest
import torch
from torch.distributions import Independent, Normal

from course.errors import CourseError
from course.models import VAE


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def vae() -> VAE:
    return VAE(input_dim=9, hidden_dim=7, latent_dim=3, generator=generator())


def test_shapes_and_ranges(vae: VAE) -> None:
    x = torch.rand(5, 9, generator=generator(1))
    x_hat, mu, log_var = vae(x, generator=generator(2))
    assert (x_hat.shape, mu.shape, log_var.shape) == ((5, 9), (5, 3), (5, 3))
    assert x_hat.min() >= 0
    assert x_hat.max() <= 1
    assert torch.equal(vae.encode(x), mu)
    assert vae.sample(4, generator()).shape == (4, 9)


def test_default_sizes_are_those_of_the_lesson() -> None:
    sizes = {name: tuple(p.shape) for name, p in VAE().state_dict().items() if name.endswith("weight")}
    assert sizes == {
        "encoder.fc1.weight": (128, 256), "encoder.fc2.weight": (128, 128), "fc_mu.weight": (8, 128),
        "fc_log_var.weight": (8, 128), "decoder.fc1.weight": (128, 8), "decoder.fc2.weight": (128, 128),
        "decoder.out.weight": (256, 128),
    }  # fmt: skip


def test_forward_written_out_by_hand(vae: VAE) -> None:
    x, eps = torch.rand(4, 9, generator=generator(3)), torch.randn(4, 3, generator=generator(4))
    w: dict[str, torch.Tensor] = vae.state_dict()

    def layer(name: str, value: torch.Tensor) -> torch.Tensor:
        return value @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    h = layer("encoder.fc2", layer("encoder.fc1", x).clamp(min=0)).clamp(min=0)
    mu, log_var = layer("fc_mu", h), layer("fc_log_var", h)
    z = mu + log_var.exp().sqrt() * eps
    h = layer("decoder.fc2", layer("decoder.fc1", z).clamp(min=0)).clamp(min=0)
    torch.testing.assert_close(vae(x, eps)[0], 1 / (1 + torch.exp(-layer("decoder.out", h))))


def test_reparameterized_samples_have_the_moments_of_the_posterior(vae: VAE) -> None:
    mu, log_var = torch.tensor([[1.0, -2.0, 0.5]]), torch.tensor([[-2.0, 1.0, 0.0]])
    z = vae.reparameterize(mu.expand(200_000, 3), log_var.expand(200_000, 3), generator=generator())
    oracle = Independent(Normal(mu[0], (0.5 * log_var[0]).exp()), 1)
    torch.testing.assert_close(z.mean(dim=0), oracle.mean, atol=0.02, rtol=0)
    torch.testing.assert_close(z.std(dim=0), oracle.stddev, atol=0.02, rtol=0)
    assert torch.corrcoef(z.T).fill_diagonal_(0).abs().max() < 0.02


def test_gradients_reach_both_heads(vae: VAE) -> None:
    x_hat, _, _ = vae(torch.rand(2, 9), generator=generator())
    gradients = torch.autograd.grad(x_hat.sum(), [vae.fc_mu.weight, vae.fc_log_var.weight])
    assert all(gradient.abs().sum() > 0 for gradient in gradients)


def test_weights_come_from_the_generator_alone() -> None:
    torch.manual_seed(0)
    state = torch.get_rng_state()
    first, second = VAE(generator=generator(5)).state_dict(), VAE(generator=generator(5)).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    other = VAE(generator=generator(6)).state_dict()
    assert not torch.equal(first["fc_mu.weight"], other["fc_mu.weight"])
    layers = torch.nn.Linear(256, 128)  # draws from the global generator, which must still be where it was
    torch.set_rng_state(state)
    assert torch.equal(torch.nn.Linear(256, 128).weight, layers.weight)
    assert first["encoder.fc1.weight"].std() == pytest.approx(layers.weight.std().item(), rel=0.02)


@pytest.mark.parametrize("bad", [{"latent_dim": 0}, {"input_dim": -1}, {"hidden_dim": 0}, {"depth": 0}])
def test_impossible_sizes_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        VAE(**bad, generator=None)


@pytest.mark.parametrize(
    ("bad", "words"),
    [({"latent_dim": 10**12}, "latent_dim must be at most"), ({"depth": 10**9}, "depth must be at most 1000"),
     ({"hidden_dim": 10**7, "latent_dim": 10**7}, r"a VAE of \d+ parameters.* expected to fit into .* of free memory"),
     ({"latent_dim": 2.0}, "whole number, got 2.0"), ({"latent_dim": True}, "whole number, got True")],
)  # fmt: skip
def test_sizes_that_nothing_can_hold_are_refused_before_memory_is_taken(bad: dict[str, Any], words: str) -> None:
    with pytest.raises(CourseError, match=words):
        VAE(**bad)


def test_depth_counts_hidden_layers() -> None:
    assert len([m for m in VAE(depth=3).encoder if isinstance(m, torch.nn.Linear)]) == 3
    assert VAE(depth=1)(torch.rand(2, 256))[0].shape == (2, 256)
