"""What lesson 3 says about models."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import exp, log

import torch
from torch import Generator, Tensor

from course import metrics
from course.claims import fashion_runs
from course.claims.base import (
    FEW_SEEDS,
    SEEDS,
    Claim,
    Measure,
    Measured,
    RunSpec,
    Summary,
    at_least,
    at_most,
    between,
    every_seed_above,
)
from course.claims.baselines import DIFFERENCE, chance, instead
from course.claims.statistics import Images, clothes, elbo, lines, rate
from course.evidence import (
    effective_samples,
    log_mean_exp,
    log_normal,
    on_line,
    posterior_log_weights,
    prior_log_weights,
)
from course.models import VAE
from course.patterns import lines64
from course.studies.amortization import encoded, negative_elbos, refined
from course.studies.information import told

__all__ = ["CLAIMS", "RUNS"]

RUNS = {
    "line": RunSpec(size={"latent_dim": 1}),
    "dim2": RunSpec(size={"latent_dim": 2}),
    "reference": RunSpec(),
    "fashion-vae": fashion_runs.RUNS["fashion-vae"],
}

_H = lines64().entropy
Weights = Callable[..., Tensor]
_few_clothes = clothes(50)
_elbo = elbo(samples=1000)


def _seeded(seed: int) -> Generator:
    return Generator().manual_seed(seed)


def _by_draws(weights: Weights, of: Images, draws: int, tries: int = 0) -> Measure:
    """-log p(x) as the log of the mean of `draws` weights has it; of few draws, the mean over several tries."""

    def measure(model: VAE, seed: int) -> float:
        generator, times = _seeded(seed), tries or max(1, 2000 // draws)
        found = [log_mean_exp(weights(model, of(), draws, generator=generator)).mean() for _ in range(times)]
        return -float(torch.stack(found).mean())

    return measure


_weighted = partial(_by_draws, posterior_log_weights)
_by_prior = partial(_by_draws, prior_log_weights)
_best = _by_prior(lines, 100_000)


def _on_grid(model: VAE, _seed: int) -> float:
    return -float(on_line(model, lines()).log_evidence.mean())


def _over(estimate: Measure, truth: Measure) -> Measure:
    return lambda model, seed: estimate(model, seed) - truth(model, seed)


def _matter(weights: Weights, of: Images) -> Measure:
    """Of 10 000 draws, how many equal ones they are worth: the median over images."""

    def measure(model: VAE, seed: int) -> float:
        return float(effective_samples(weights(model, of(), 10_000, generator=_seeded(seed))).median())

    return measure


def _gaps(model: VAE) -> Tensor:
    return on_line(model, lines()).gap


@torch.no_grad()
def _prior_gap(model: VAE, _seed: int) -> float:
    """KL of the prior from the true posterior."""
    line = on_line(model, lines())
    log_prior = log_normal(line.z[:, None])[:, None]
    return float(line.integral(log_prior.exp() * (log_prior - line.log_posterior)).mean())


def _rare(model: VAE, seed: int) -> float:
    """How many images have a probability below 1 / 10 000, by the draws of the prior."""
    weights = prior_log_weights(model, lines(), 100_000, generator=_seeded(seed))
    return int((log_mean_exp(weights) < -log(10_000)).sum())


def _gain(full: bool) -> Measure:
    """How far the -ELBO falls when each image looks for its own Gaussian."""

    def measure(model: VAE, seed: int) -> float:
        x, start = lines(), encoded(model, lines())
        better = refined(model, x, full=full, generator=_seeded(seed))
        before, after = (negative_elbos(model, x, q, 2000, generator=_seeded(seed)).mean() for q in (start, better))
        return float(before - after)

    return measure


@torch.no_grad()
def _inside(model: VAE, seed: int, draws: int = 50_000) -> float:
    """By draws of the prior, weighed with p(x | z); 100 (1 - e^-2) for a Gaussian."""
    pair = metrics.strongest(metrics.dimension_kl(model, lines()))
    weights = torch.softmax(prior_log_weights(model, lines(), draws, generator=_seeded(seed)), dim=0)  # (K, B)
    z = torch.randn((draws, model.latent_dim), generator=_seeded(seed))  # the same draws once more
    mu, log_var = (each[:, pair] for each in model.posterior(lines()))
    near = ((z[:, None, pair] - mu).square() / log_var.exp()).sum(dim=-1) < 4
    return 100 * float((weights * near).sum(dim=0).mean())


def _told(model: VAE, seed: int) -> float:
    return told(model, lines(), 1000, generator=_seeded(seed))


_gap = _over(_elbo, _best)
_diagonal, _full = _gain(full=False), _gain(full=True)


def _excess(draws: int, run: str, of_model: str, truth: Measure, most: float) -> Claim:
    return Claim(
        f"How far {draws} draws of q leave the estimate of -log p(x) above the best one, {of_model}.",
        (run,), _over(_weighted(lines, draws), truth), at_most(most), unit="nats", digits=3 if run == "line" else 2,
        summary=Summary(kind="median" if run == "line" else "mean"),
        baseline=Measured(words="as many draws of the prior", measure=_over(_by_prior(lines, draws), truth)),
    )  # fmt: skip


def _worth(what: str, run: str, of: Images, low: float, high: float, seeds: tuple[int, ...] = SEEDS) -> Claim:
    return Claim(
        f"Of 10 000 draws of the prior, how many matter for an image: the median over {what}.",
        (run,), _matter(prior_log_weights, of), between(low, high), digits=1 if high < 10 else 0, seeds=seeds,
        baseline=Measured(words="of 10 000 draws of q", measure=_matter(posterior_log_weights, of)),
    )  # fmt: skip


_LINE, _EIGHT = "one latent dimension", "eight latent dimensions"

CLAIMS = {
    "line-gap": Claim(
        "KL of q(z | x) from the true posterior with one latent dimension, integrated on a grid.",
        ("line",), lambda model, _seed: float(_gaps(model).mean()), between(0, 0.3), unit="nats", digits=3,
        baseline=Measured(words="the prior in place of q", measure=_prior_gap),
    ),
    "line-largest-gap": Claim(
        "The largest KL of q(z | x) from the true posterior with one latent dimension, over 64 images.",
        ("line",), lambda model, _seed: float(_gaps(model).max()), every_seed_above(0), unit="nats",
        summary=Summary(kind="largest"),
        baseline=Measured(words="the median image", measure=lambda model, _seed: float(_gaps(model).median())),
    ),
    **{f"line-weighted-{k}": _excess(k, "line", _LINE, _on_grid, 0.2) for k in (1, 10, 100, 1000)},
    **{f"weighted-{k}": _excess(k, "reference", _EIGHT, _best, 2) for k in (1, 10, 100, 1000)},
    "line-prior-10000": Claim(
        "How far 10 000 draws of the prior leave the estimate of -log p(x) above the grid's, one latent dimension.",
        ("line",), _over(_by_prior(lines, 10_000, 10), _on_grid), at_least(0), unit="nats", baseline=DIFFERENCE,
        summary=Summary(kind="dots"),
    ),
    "line-rare": Claim(
        "Images, of 64, with a probability below 1 / 10 000 under the VAE with one latent dimension.",
        ("line",), lambda model, _seed: int((on_line(model, lines()).log_evidence < -log(10_000)).sum()),
        between(1, 40), summary=Summary(kind="count", of=64), digits=0,
        baseline=instead("with two, by 100 000 draws of the prior", "dim2", measure=_rare),
    ),
    "matter-line": _worth("64 images, one latent dimension", "line", lines, 20, 300),
    "matter-8": _worth("64 images, eight latent dimensions", "reference", lines, 20, 200),
    "matter-fashion": _worth("50 test images of Fashion-MNIST", "fashion-vae", _few_clothes, 1, 5, FEW_SEEDS),
    "fashion-prior-excess": Claim(
        "How much higher 10 000 draws of the prior put -log p(x) of clothes than 1000 draws of q.",
        ("fashion-vae",), _over(_by_prior(_few_clothes, 10_000), _weighted(_few_clothes, 1000)), every_seed_above(1),
        unit="nats", seeds=FEW_SEEDS, baseline=DIFFERENCE,
    ),
    "fashion-rate": Claim(
        "KL of a VAE of Fashion-MNIST with 16 latent dimensions, 50 test images.",
        ("fashion-vae",), rate(_few_clothes), between(5, 20), unit="nats", seeds=FEW_SEEDS, digits=1,
        baseline=instead("the reference VAE of lines64", "reference", measure=rate()),
    ),
    "reference-evidence": Claim(
        "-log p(x) of the reference VAE by 100 000 draws of the prior.",
        ("reference",), _best, between(_H, 6), unit="nats",
        baseline=Measured(words="1000 draws of q", measure=_weighted(lines, 1000)),
    ),
    "dim2-gap": Claim(
        "-ELBO minus -log p(x) by 100 000 draws of the prior, two latent dimensions.",
        ("dim2",), _gap, every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "reference-gap": Claim(
        "-ELBO minus -log p(x) by 100 000 draws of the prior, eight latent dimensions.",
        ("reference",), _gap, every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "line-model": Claim(
        "-log p(x) minus the entropy of the images, one latent dimension.",
        ("line",), lambda model, seed: _on_grid(model, seed) - _H, every_seed_above(0), unit="nats",
        baseline=DIFFERENCE,
    ),
    "dim2-model": Claim(
        "-log p(x), by 100 000 draws of the prior, minus the entropy of the images, two latent dimensions.",
        ("dim2",), lambda model, seed: _best(model, seed) - _H, every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "reference-model": Claim(
        "-log p(x), by 100 000 draws of the prior, minus the entropy of the images, eight latent dimensions.",
        ("reference",), lambda model, seed: _best(model, seed) - _H, every_seed_above(0), unit="nats",
        baseline=DIFFERENCE,
    ),
    "own-gaussian": Claim(
        "How far the -ELBO falls when each image looks for its own mu and log_var, the decoder held fixed.",
        ("reference",), _diagonal, between(0.02, 0.3), unit="nats", seeds=FEW_SEEDS, baseline=DIFFERENCE,
    ),
    "own-covariance": Claim(
        "How far the -ELBO falls when each image looks for a Gaussian with any covariance, the decoder held fixed.",
        ("reference",), _full, between(0.05, 0.5), unit="nats", seeds=FEW_SEEDS,
        baseline=Measured(words="with independent dimensions", measure=_diagonal),
    ),
    "family-gap": Claim(
        "What is left of the gap between -ELBO and -log p(x) when each image has found its own Gaussian with any "
        "covariance.",
        ("reference",), lambda model, seed: _gap(model, seed) - _full(model, seed), every_seed_above(0.5),
        unit="nats", seeds=FEW_SEEDS, baseline=Measured(words="the whole gap", measure=_gap),
    ),
    "inside-q": Claim(
        "Share of the true posterior within two sigma of q, in the two dimensions with the largest KL.",
        ("reference",), _inside, between(30, 80), unit="%", digits=0,
        baseline=chance(100 * (1 - exp(-2)), "if the true posterior were q"),
    ),
    "information": Claim(
        "Information about the image in the latent vectors of the reference VAE.",
        ("reference",), _told, between(3, _H), unit="nats", digits=3,
        baseline=chance(log(64), "ln 64, all that there is to say about 64 images"),
    ),
    "unlike-prior": Claim(
        "Rate minus information: the KL of all clouds together from the prior, reference VAE.",
        ("reference",), _over(rate(), _told), every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
}  # fmt: skip
