"""Trainings on `lines64` in which the encoder learns otherwise than by reparameterization, for lesson 2.

Each gives an ordinary VAE, which samples as it should, so that its -ELBO is an honest one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch import Generator

from course import runs
from course.models import VAE
from course.objectives import anneal_beta, kl, reconstruction
from course.patterns import lines64
from course.run_config import RunConfig, build
from course.studies.wrong_samplers import SAMPLERS, MissampledVAE
from course.training import History, Settings, fit

__all__ = ["WAYS", "train", "train_by_score_function", "train_missampled", "trained_by"]

TRAINING_VERSION = 1  # raise it when a change here or of wrong_samplers.py alters training: see identity.py
WAYS = (*SAMPLERS, "score", "score_with_baseline")


def train_missampled(sampler: str, settings: Settings) -> tuple[VAE, History]:
    """Trains with one of the wrong samplers."""
    pupil = MissampledVAE(sampler, generator=Generator().manual_seed(settings.seed))
    history = fit(pupil, lines64().images, settings, progress=False)
    model = build({}, settings.seed)
    model.load_state_dict(pupil.state_dict())
    return model.eval(), history


def train_by_score_function(settings: Settings, *, with_baseline: bool) -> tuple[VAE, History]:
    """Trains with the score-function gradient of the reconstruction (Williams 1992); the KL keeps its exact gradient.

    All images are in every batch. The baseline of an image is a running mean of its reconstruction, from the steps
    before, so that it does not depend on the noise of this one.
    """
    model, x = build({}, settings.seed), torch.from_numpy(lines64().images)
    generator = Generator().manual_seed(settings.seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=settings.steps + 1, pct_start=0.1, cycle_momentum=False
    )
    baseline, losses = torch.zeros(len(x)), []
    for step in range(settings.steps):
        mu, log_var = model.posterior(x)
        z = model.reparameterize(mu, log_var, generator=generator).detach()
        log_q = -0.5 * ((z - mu).square() / log_var.exp() + log_var).sum(dim=1)  # (B,), up to a constant
        distortion = reconstruction(model.decode_logits(z), x)  # (B,), its gradient reaches the decoder alone
        beta = anneal_beta(step, round(settings.anneal * settings.steps), settings.beta, settings.beta_start)
        rate = kl(mu, log_var)  # (B,)
        surrogate = distortion + (distortion.detach() - baseline) * log_q + beta * rate
        optimizer.zero_grad()
        surrogate.mean().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        if with_baseline:
            baseline = 0.9 * baseline + 0.1 * distortion.detach() if step else distortion.detach()
        losses.append(torch.stack([(distortion + beta * rate).mean(), distortion.mean(), rate.mean()]).detach())
    return model.eval(), History(1, torch.stack(losses).numpy())


def train(way: str, settings: Settings) -> tuple[VAE, History]:
    """A training by one of WAYS."""
    if way in SAMPLERS:
        return train_missampled(way, settings)
    return train_by_score_function(settings, with_baseline=way == "score_with_baseline")


def trained_by(way: str, settings: Settings, store: Path | None = None) -> VAE:
    """The model of a training by one of WAYS: from the run store, or trained now on one thread and kept there."""
    if way not in WAYS:
        raise ValueError(f"way must be one of {', '.join(WAYS)}; got {way!r}")
    config = replace(RunConfig.of("lines64", VAE, {}, settings), changes={"way": way}, module=__name__)
    model = runs.load_or_make(config, lambda: train(way, settings), store)
    assert isinstance(model, VAE)
    return model
