"""The training loop of lesson 5, as short as it can be.

`course.training.fit` is the one that the course trains with: the same step, with a schedule for the learning rate, a
progress bar, Ctrl-C, and a look at whether the loss is finite.
"""

# mypy: untyped-calls-exclude=torch
# torch leaves Tensor.backward without annotations

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course.models import VAE
from course.objectives import anneal_beta, vae_loss

__all__ = ["train"]


def train(vae: VAE, x: Tensor, steps: int, *, generator: Generator) -> Tensor:
    """Trains a VAE in place on images x (N, D); returns total, reconstruction and KL of each step, (steps, 3)."""
    optimizer = torch.optim.Adam(vae.parameters(), lr=5e-3)
    curve = []
    for step in range(steps):
        rows = torch.randperm(len(x), generator=generator)[:64]
        batch = x[rows]  # (B, D)
        beta = anneal_beta(step, steps // 2, beta=1.0, beta_start=4.0)
        mu, log_var = vae.posterior(batch)  # (B, Z) each
        z = vae.reparameterize(mu, log_var, generator=generator)  # (B, Z)
        loss = vae_loss(vae.decode_logits(z), batch, mu, log_var, beta)
        optimizer.zero_grad()
        loss.total.backward()
        optimizer.step()
        curve.append(torch.stack(loss).detach())
    return torch.stack(curve)
