"""What lesson 2 says about models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from course import metrics
from course.claims.base import Claim, Measure, RunSpec, Summary, at_least, at_most, between, every_seed_above
from course.claims.baselines import DIFFERENCE, RATIO, UNTRAINED, average_image, average_nats, chance, instead
from course.claims.latent_spaces import RUNS as LESSON_1
from course.claims.statistics import difference, elbo, exact, lines, rate
from course.models import VAE
from course.objectives import vae_loss
from course.patterns import lines64
from course.run_config import build
from course.studies.clouds import equal_mass_slope, one_sidedness, own_share
from course.studies.gradients import Gradients, reconstruction_gradients, total_variance
from course.studies.wrong_samplers import MissampledVAE
from course.studies.wrong_training import trained_by
from course.training import Settings

__all__ = ["CLAIMS", "RUNS"]

_SHORT = LESSON_1["short"]


@dataclass(frozen=True)
class Detour(RunSpec):
    """A run of 1000 steps, as long as `short`, in which the encoder learns otherwise."""

    way: str = ""

    def model(self, seed: int) -> VAE:
        return trained_by(self.way, Settings(**_SHORT.settings, seed=seed))  # type: ignore[arg-type]


def _detour(way: str) -> Detour:
    return Detour(settings=_SHORT.settings, way=way)


RUNS: dict[str, RunSpec] = {
    "reference": LESSON_1["reference"],
    "short": _SHORT,
    "detached": _detour("detached"),
    "variance": _detour("variance"),
    "uniform": _detour("uniform"),
    "quiet": _detour("quiet"),
    "one_for_dimensions": _detour("one_for_dimensions"),
    "one_for_images": _detour("one_for_images"),
    "score": _detour("score"),
    "score_with_baseline": _detour("score_with_baseline"),
}


_elbo, _rate, _exact = elbo(samples=1000), rate(), exact()
_AS_SHOULD_BE = instead("the same training with the right z", "short")
_AS_SHOULD_BE_ELBO = instead("the -ELBO of the same training with the right z", "short", measure=_elbo)
_PICKED = chance(100 / 64, "any of the images, picked by chance")


def _own_elbo(sampler: str) -> Measure:
    """The -ELBO as the training itself sees it: with the z that its own sampler draws."""

    def measure(model: VAE, seed: int) -> float:
        pupil = MissampledVAE(sampler, generator=Generator().manual_seed(seed))
        pupil.load_state_dict(model.state_dict())
        return _elbo(pupil, seed)

    return measure


def _below_floor(measure: Measure) -> Measure:
    """1 where a loss is below the entropy of the images, which no -ELBO can be, else 0."""
    return lambda model, seed: float(measure(model, seed) < lines64().entropy)


def _estimates(model: VAE, eps: Tensor) -> dict[str, Gradients]:
    return reconstruction_gradients(model, lines(), eps, Generator().manual_seed(1000))


def _variance_ratio(model: VAE, seed: int, estimator: str) -> float:
    """Variance of an estimator by that of the pathwise one: how many of its samples are worth one pathwise sample."""
    estimates = _estimates(model, torch.randn(500, 64, 8, generator=Generator().manual_seed(seed)))
    return total_variance(estimates[estimator].mu) / total_variance(estimates["pathwise"].mu)


def _antithetic_gain(model: VAE, seed: int) -> float:
    """Variance of the mean of two pathwise estimates with eps of their own, by that with eps and -eps."""
    eps = torch.randn(2, 500, 64, 8, generator=Generator().manual_seed(seed))
    a, b, mirrored = (_estimates(model, e)["pathwise"].mu for e in (eps[0], eps[1], -eps[0]))
    return total_variance((a + b) / 2) / total_variance((a + mirrored) / 2)


def _start(seed: int) -> VAE:
    """The reference model before its first step."""
    return build({}, seed)


@torch.no_grad()
def _sigma(model: VAE, *, active: bool) -> float:
    """Mean sigma of the dimensions that are active, or of those that are not."""
    chosen = (metrics.dimension_kl(model, lines()) > metrics.ACTIVE_ABOVE) == active
    return float(torch.exp(0.5 * model.posterior(lines())[1])[:, torch.from_numpy(chosen)].mean())


@torch.no_grad()
def _volume_by_distance(model: VAE, _seed: int) -> float:
    """Rank correlation, over images, of the cloud's volume with the distance of its centre from the origin."""
    mu, log_var = model.posterior(lines())
    ranks = [values.argsort().argsort().numpy() for values in (log_var.sum(dim=1), mu.norm(dim=1))]
    return float(np.corrcoef(ranks)[0, 1])


def _step_variance(model: VAE, noise: list[Tensor]) -> float:
    """Variance of the loss's gradient by all weights, summed over weights, over batches of noise (64, Z)."""
    gradients = []
    for eps in noise:
        mu, log_var = model.posterior(lines())
        loss = vae_loss(model.decode_logits(model.reparameterize(mu, log_var, eps)), lines(), mu, log_var).total
        gradients.append(torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(model.parameters()))]))
    return float(torch.stack(gradients).var(dim=0).sum())


def _shared_noise_cost(seed: int) -> float:
    """How much more the first step's gradient varies where all images of the batch share one eps."""
    generator, model = Generator().manual_seed(seed), _start(seed)
    own = [torch.randn(64, 8, generator=generator) for _ in range(100)]
    shared = [torch.randn(1, 8, generator=generator).expand(64, 8) for _ in range(100)]
    return _step_variance(model, shared) / _step_variance(model, own)


_FLOOR = lines64().entropy


CLAIMS: dict[str, Claim] = {
    "right-elbo": Claim(
        "The -ELBO after 1000 steps with reparameterization.",
        ("short",), _elbo, at_most(8), unit="nats", baseline=average_image(),
    ),
    "detached-elbo": Claim(
        "The -ELBO after 1000 steps in which z has no gradient.",
        ("detached",), _elbo, between(80, 90), unit="nats", baseline=_AS_SHOULD_BE,
    ),
    "detached-rate": Claim(
        "The KL, of all dimensions together, after 1000 steps in which z has no gradient.",
        ("detached",), _rate, at_most(0.05), unit="nats", digits=4, baseline=_AS_SHOULD_BE,
    ),
    "score-ratio-start": Claim(
        "Score-function samples for the precision of one pathwise sample, before training.",
        (), lambda seed: _variance_ratio(_start(seed), seed, "score") / 1000, every_seed_above(100), unit="thousand",
        digits=0, baseline=RATIO,
    ),
    "baseline-ratio-start": Claim(
        "Score-function samples, with a baseline for each image, for the precision of one pathwise sample, before "
        "training.",
        (), lambda seed: _variance_ratio(_start(seed), seed, "score_with_baseline"), between(2, 20), digits=1,
        baseline=RATIO,
    ),
    "score-ratio-end": Claim(
        "Score-function samples for the precision of one pathwise sample, at the trained reference VAE.",
        ("reference",), lambda m, seed: _variance_ratio(m, seed, "score"), between(2, 20), digits=1, baseline=RATIO,
    ),
    "baseline-ratio-end": Claim(
        "Score-function samples, with a baseline for each image, for the precision of one pathwise sample, at the "
        "trained reference VAE.",
        ("reference",), lambda m, seed: _variance_ratio(m, seed, "score_with_baseline"), between(2, 20), digits=1,
        baseline=RATIO,
    ),
    "score-elbo": Claim(
        "The -ELBO after 1000 steps with the score function.",
        ("score",), _elbo, every_seed_above(10), unit="nats", digits=0, baseline=_AS_SHOULD_BE,
        summary=Summary(kind="median"),
    ),
    "score-baseline-elbo": Claim(
        "The -ELBO after 1000 steps with the score function and a baseline.",
        ("score_with_baseline",), _elbo, at_most(20), unit="nats", baseline=_AS_SHOULD_BE,
    ),
    "score-baseline-cost": Claim(
        "By how much the -ELBO is higher with the score function and a baseline than with reparameterization.",
        ("score_with_baseline", "short"), difference(_elbo), every_seed_above(0),
        unit="nats", baseline=DIFFERENCE,
    ),
    "score-astray": Claim(
        "Trainings with the score function whose -ELBO is above that of the average image.",
        ("score",), lambda m, seed: float(_elbo(m, seed) > average_nats()), at_least(0.2), digits=0,
        baseline=_AS_SHOULD_BE, summary=Summary(kind="count", of=1),
    ),
    "sigma-active": Claim(
        "Mean sigma of active dimensions.",
        ("reference",), lambda m, _seed: _sigma(m, active=True), at_most(0.6),
        baseline=chance(1.0, "the sigma of the prior"),
    ),
    "sigma-collapsed": Claim(
        "Mean sigma of dimensions that are not active.",
        ("reference",), lambda m, _seed: _sigma(m, active=False), between(0.97, 1.03), digits=3,
        baseline=chance(1.0, "the sigma of the prior"),
    ),
    "volume-distance": Claim(
        "Rank correlation of the volume of an image's cloud with its distance from the origin.",
        ("reference",), _volume_by_distance, every_seed_above(0.4), baseline=UNTRAINED,
    ),
    "mass-slope": Claim(
        "Slope of the log volume of clouds by half the squared length of mu.",
        ("reference",), equal_mass_slope, between(0.5, 1.2), baseline=chance(0.0, "clouds of one size"),
    ),
    "one-sidedness": Claim(
        "Rank correlation of a cloud's volume with how one-sided its neighbours lie, the distance from 0 held fixed.",
        ("reference",), one_sidedness, between(-1, 0), baseline=UNTRAINED, summary=Summary(kind="largest"),
    ),
    "own-half": Claim(
        "Draws with half the noise that decode to their own image, in every pixel.",
        ("reference",), own_share(0.5), at_least(99), unit="%", digits=1, baseline=_PICKED,
    ),
    "own-1": Claim(
        "Draws with the right noise that decode to their own image, in every pixel.",
        ("reference",), own_share(1.0), at_least(95), unit="%", digits=1, baseline=_PICKED,
    ),
    "own-2": Claim(
        "Draws with twice the noise that decode to their own image, in every pixel.",
        ("reference",), own_share(2.0), between(30, 80), unit="%", digits=1, baseline=_PICKED,
    ),
    "own-3": Claim(
        "Draws with three times the noise that decode to their own image, in every pixel.",
        ("reference",), own_share(3.0), between(10, 50), unit="%", digits=1, baseline=_PICKED,
    ),
    "variance-elbo": Claim(
        "The -ELBO of a VAE trained with exp(log_var) for sigma.",
        ("variance",), _elbo, every_seed_above(20), unit="nats", digits=0, baseline=_AS_SHOULD_BE,
    ),
    "variance-own": Claim(
        "The loss of a VAE trained with exp(log_var) for sigma, with the z of its training.",
        ("variance",), _own_elbo("variance"), at_most(6), unit="nats", baseline=_AS_SHOULD_BE_ELBO,
    ),
    "variance-below": Claim(
        "Trainings with exp(log_var) for sigma whose own loss is below the entropy of the images.",
        ("variance",), _below_floor(_own_elbo("variance")), at_least(0.2), digits=0,
        baseline=instead("the same training with the right z", "short", measure=_below_floor(_elbo)),
        summary=Summary(kind="count", of=1),
    ),
    "uniform-elbo": Claim(
        "The -ELBO of a VAE trained with uniform noise.",
        ("uniform",), _elbo, every_seed_above(100), unit="nats", digits=0, baseline=_AS_SHOULD_BE,
    ),
    "uniform-own": Claim(
        "The loss of a VAE trained with uniform noise, with the z of its training.",
        ("uniform",), _own_elbo("uniform"), between(0, _FLOOR), unit="nats", baseline=_AS_SHOULD_BE_ELBO,
    ),
    "quiet-elbo": Claim(
        "The -ELBO of a VAE trained with a tenth of the noise.",
        ("quiet",), _elbo, every_seed_above(300), unit="nats", digits=0, baseline=_AS_SHOULD_BE,
    ),
    "quiet-own": Claim(
        "The loss of a VAE trained with a tenth of the noise, with the z of its training.",
        ("quiet",), _own_elbo("quiet"), between(0, _FLOOR), unit="nats", baseline=_AS_SHOULD_BE_ELBO,
    ),
    "quiet-exact": Claim(
        "Images that a VAE trained with a tenth of the noise gives back in every pixel, from mu.",
        ("quiet",), _exact, at_least(99), unit="%", digits=1, baseline=_AS_SHOULD_BE,
    ),
    "line-elbo": Claim(
        "The -ELBO of a VAE trained with one eps for all dimensions of an image.",
        ("one_for_dimensions",), _elbo, every_seed_above(300), unit="nats", digits=0, baseline=_AS_SHOULD_BE,
    ),
    "line-own": Claim(
        "The loss of a VAE trained with one eps for all dimensions of an image, with the z of its training.",
        ("one_for_dimensions",), _own_elbo("one_for_dimensions"), between(0, _FLOOR), unit="nats",
        baseline=_AS_SHOULD_BE_ELBO,
    ),
    "shared-elbo": Claim(
        "The -ELBO of a VAE trained with one eps for all images of a batch.",
        ("one_for_images",), _elbo, every_seed_above(10), unit="nats", digits=1, baseline=_AS_SHOULD_BE,
    ),
    "shared-variance": Claim(
        "How many times more the first step's gradient varies with one eps for all images of a batch.",
        (), _shared_noise_cost, between(10, 64), digits=1, baseline=RATIO,
    ),
    "antithetic-start": Claim(
        "Factor by which eps and -eps lower the variance of two pathwise samples, before training.",
        (), lambda seed: _antithetic_gain(_start(seed), seed), every_seed_above(1.2), baseline=RATIO,
    ),
    "antithetic-end": Claim(
        "Factor by which eps and -eps lower the variance of two pathwise samples, at the trained reference VAE.",
        ("reference",), _antithetic_gain, between(0.9, 2), baseline=RATIO,
    ),
}  # fmt: skip
