"""What the average KL of a set of images is made of: three parts, of which only the last two depend on the axes."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from course.evidence import log_mean_exp, log_normal

__all__ = ["Parts", "kl_parts", "log_ratios"]


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
    turn = torch.eye(mu.shape[1]) if turn is None else turn
    found = []
    for _ in range(num_samples):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        z = mu + (0.5 * log_var).exp() * eps  # (N, Z): one of each cloud
        found.append(log_ratios(z, mu, log_var, turn.double()).mean(dim=1))
    return Parts(*torch.stack(found).mean(dim=0).tolist())


def log_ratios(z: Tensor, mu: Tensor, log_var: Tensor, turn: Tensor) -> Tensor:
    """What the parts are the means of, (3, N): for z (N, Z), each drawn from its own cloud, along the axes `turn`."""
    log_q = log_normal(z[:, None], mu, log_var)  # (N, N): each z under each cloud
    log_q_z = log_mean_exp(log_q, dim=1)  # (N,): under their mean
    log_widths = (log_var.exp() @ turn.square()).log()  # (N, Z), along each axis
    along = log_normal((z @ turn)[:, None, :, None], (mu @ turn)[..., None], log_widths[..., None])  # (N, N, Z)
    log_axes = log_mean_exp(along, dim=1).sum(dim=1)  # (N,): of the product of all q(z_j)
    return torch.stack((log_q.diagonal() - log_q_z, log_q_z - log_axes, log_axes - log_normal(z)))
