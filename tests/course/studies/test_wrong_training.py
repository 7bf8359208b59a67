from pathlib import Path

import pytest
import torch
from torch import Generator

from course.studies import wrong_training
from course.studies.wrong_samplers import SAMPLERS, MissampledVAE
from course.training import Settings

BRIEF = Settings(steps=5)


def samples(sampler: str, log_var: float = -2.0) -> torch.Tensor:
    """20000 samples for two images and two dimensions, (20000, 2, 2)."""
    mu, generator = torch.tensor([[1.0, -1.0], [0.0, 2.0]]), Generator().manual_seed(0)
    return torch.stack([SAMPLERS[sampler](mu, torch.full((2, 2), log_var), generator) for _ in range(20000)]) - mu


@pytest.mark.parametrize(
    ("sampler", "mean", "spread"),
    [
        ("detached", 0.0, 0.3679),
        ("variance", 0.0, 0.1353),
        ("half_variance", 0.0, 0.0677),
        ("uniform", 0.1839, 0.1062),
        ("quiet", 0.0, 0.0368),
        ("one_for_dimensions", 0.0, 0.3679),
        ("one_for_images", 0.0, 0.3679),
    ],
)
def test_each_sampler_is_wrong_in_the_way_it_says(sampler: str, mean: float, spread: float) -> None:
    noise = samples(sampler)
    assert noise.mean().item() == pytest.approx(mean, abs=0.01)
    assert noise.std(dim=0).mean().item() == pytest.approx(spread, rel=0.03)
    flat = noise.reshape(-1, 4).T  # image 0 dimension 0, image 0 dimension 1, image 1 dimension 0, ...
    correlation = torch.corrcoef(flat)
    assert (correlation[0, 1] > 0.99) == (sampler == "one_for_dimensions")
    assert (correlation[0, 2] > 0.99) == (sampler == "one_for_images")


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_only_detached_stops_the_gradient(sampler: str) -> None:
    mu = torch.zeros(3, 2, requires_grad=True)
    z = SAMPLERS[sampler](mu, torch.zeros(3, 2), Generator().manual_seed(0))
    assert z.requires_grad == (sampler != "detached")


def test_a_missampled_vae_says_what_it_needs() -> None:
    with pytest.raises(ValueError, match="sampler must be one of detached"):
        MissampledVAE("sharp", generator=Generator())
    model = MissampledVAE("quiet", generator=Generator())
    with pytest.raises(ValueError, match="takes its own eps"):
        model.reparameterize(torch.zeros(1, 8), torch.zeros(1, 8), eps=torch.zeros(1, 8))


@pytest.mark.parametrize("way", ["detached", "score", "score_with_baseline"])
def test_a_detour_is_kept_and_found_again(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = wrong_training.trained_by(way, BRIEF, tmp_path)
    monkeypatch.setattr(wrong_training, "train_missampled", None)
    monkeypatch.setattr(wrong_training, "train_by_score_function", None)
    again = wrong_training.trained_by(way, BRIEF, tmp_path)
    assert type(again).__name__ == "VAE"
    for a, b in zip(first.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)


def test_another_way_or_seed_is_another_run_and_unknown_ones_are_named(tmp_path: Path) -> None:
    runs = [("quiet", BRIEF), ("uniform", BRIEF), ("quiet", Settings(steps=5, seed=1))]
    weights = [wrong_training.trained_by(way, settings, tmp_path).fc_mu.weight for way, settings in runs]
    assert len(list(tmp_path.iterdir())) == 3
    assert not torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    with pytest.raises(ValueError, match="way must be one of"):
        wrong_training.trained_by("hope", BRIEF, tmp_path)


def test_without_a_gradient_through_z_the_encoder_hears_of_the_kl_alone() -> None:
    """So without a KL the encoder's weights stay where they are, and only the decoder's move."""
    settings = Settings(steps=1, beta=0.0, beta_start=0.0)
    model, _ = wrong_training.train_missampled("detached", settings)
    untouched, _ = wrong_training.train_missampled(
        "detached", Settings(steps=1, beta=0.0, beta_start=0.0, learning_rate=1e-12)
    )
    torch.testing.assert_close(model.fc_mu.weight, untouched.fc_mu.weight, rtol=0, atol=1e-9)
    moved, still = (list(m.decoder.parameters())[-1] for m in (model, untouched))
    assert not torch.allclose(moved, still, rtol=0, atol=1e-9)
