"""What the average KL of a set of images is made of: three parts, of which only the last two depend on the axes."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from course.evidence import log_mean_exp, log_normal

__all__ = ["Parts", "kl_parts"]


class Parts(NamedTuple):
    """In nats, with the sum of the average KL: information about the image, total correlation, dimension-wise KL."""

    index_code: float
    total_correlation: float
    dimension_wise: float


@torch.no_grad()
def kl_parts(
    mu: Tensor, log_var: Tensor, num_samples: int, *, generator: Generator, turn: Tensor | None = None
) -> Parts:
    """The parts of the KL (Chen et al. 2018, eq. 2) of clouds (N, Z), from `num_samples` draws of each cloud.

    All densities are exact, as q(z) is the mean of the N clouds. `turn` (Z, Z), orthogonal, gives the axes along which
    the last two parts are taken, z @ turn; by default the model's own.
    """
    mu, log_var = mu.double(), log_var.double()
    turn = torch.eye(mu.shape[1], dtype=mu.dtype) if turn is None else turn.to(mu.dtype)
    centres, widths = mu @ turn, (log_var.exp() @ turn.square()).log()  # (N, Z) along each turned axis
    found = []
    for _ in range(num_samples):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        z = mu + (0.5 * log_var).exp() * eps  # (N, Z): one of each cloud
        log_q = log_normal(z[:, None], mu, log_var)  # (N, N): each z under each cloud
        together = log_mean_exp(log_q, dim=1)  # (N,): log q(z)
        along = log_normal((z @ turn)[:, None, :, None], centres[..., None], widths[..., None])  # (N, N, Z)
        apart = log_mean_exp(along, dim=1).sum(dim=1)  # (N,): log of the product of all q(z_j)
        parts = (log_q.diagonal() - together, together - apart, apart - log_normal(z))
        found.append(torch.stack(parts).mean(dim=1))
    return Parts(*torch.stack(found).mean(dim=0).tolist())
