"""What a rate is made of: the information about the image, and what all clouds together differ from the prior."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course.evidence import log_mean_exp, log_normal, posterior_samples
from course.models import VAE

__all__ = ["told"]


@torch.no_grad()
def told(model: VAE, x: Tensor, num_samples: int, *, generator: Generator) -> float:
    """Mutual information of an image, picked by chance among x (N, D), and its latent vector, in nats: at most ln N.

    It is the mean of log q(z | x) - log q(z), where q(z) is the mean of all N posteriors. The rate minus it is the KL
    of q(z) from the prior (Hoffman & Johnson 2016).
    """
    mu, log_var = model.posterior(x)
    means = []
    for z in posterior_samples(model, mu, log_var, num_samples, generator):
        log_q = log_normal(z[:, None], mu, log_var)  # (N, N): each z under each image's posterior
        means.append((log_q.diagonal() - log_mean_exp(log_q, dim=1)).mean())
    return float(torch.stack(means).mean())
