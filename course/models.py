"""The variational autoencoder (Kingma & Welling 2014): an encoder, a Gaussian posterior, a decoder."""

from __future__ import annotations

from collections import OrderedDict
from math import sqrt

import torch
from torch import Generator, Tensor, nn

__all__ = ["VAE"]


class VAE(nn.Module):
    """256 pixels -> 128 -> 128 -> 8 latent dimensions and back; `depth` hidden layers on either side.

    Images x are (B, input_dim) in [0, 1]; mu, log_var, eps and z are (B, latent_dim). The weights are drawn from
    `generator`, with torch's own limits for linear layers.
    """

    def __init__(
        self,
        input_dim: int = 256,
        hidden_dim: int = 128,
        latent_dim: int = 8,
        depth: int = 2,
        *,
        generator: Generator | None = None,
    ) -> None:
        super().__init__()
        for name, size in (("input_dim", input_dim), ("hidden_dim", hidden_dim), ("latent_dim", latent_dim)):
            if size < 1:
                raise ValueError(f"{name} must be at least 1, got {size}")
        if depth < 1:
            raise ValueError(f"depth, the number of hidden layers, must be at least 1, got {depth}")
        self.input_dim, self.hidden_dim, self.latent_dim, self.depth = input_dim, hidden_dim, latent_dim, depth
        self.encoder = _hidden_layers(input_dim, hidden_dim, depth)
        self.fc_mu = _linear(hidden_dim, latent_dim)
        self.fc_log_var = _linear(hidden_dim, latent_dim)
        self.decoder = _hidden_layers(latent_dim, hidden_dim, depth)
        self.decoder.add_module("out", _linear(hidden_dim, input_dim))
        _draw_weights(self, generator)

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Images (B, D) -> mu and log_var, each (B, Z), of the Gaussian posterior q(z | x)."""
        h = self.encoder(x)  # (B, H)
        return self.fc_mu(h), self.fc_log_var(h)

    def encode(self, x: Tensor) -> Tensor:
        """Images (B, D) -> mu (B, Z), the centre of each image's posterior."""
        return self.posterior(x)[0]

    def reparameterize(
        self, mu: Tensor, log_var: Tensor, eps: Tensor | None = None, generator: Generator | None = None
    ) -> Tensor:
        """z = mu + sigma * eps, (B, Z), with eps from N(0, I) unless it is given; gradients reach mu and log_var."""
        if eps is None:
            eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        return mu + torch.exp(0.5 * log_var) * eps

    def decode_logits(self, z: Tensor) -> Tensor:
        """Latent vectors (B, Z) -> logits (B, D)."""
        logits: Tensor = self.decoder(z)
        return logits

    def decode(self, z: Tensor) -> Tensor:
        """Latent vectors (B, Z) -> x_hat (B, D) in [0, 1]."""
        return torch.sigmoid(self.decode_logits(z))

    def forward(
        self, x: Tensor, eps: Tensor | None = None, generator: Generator | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Images (B, D) -> x_hat (B, D), mu (B, Z), log_var (B, Z), through one sample of the posterior."""
        mu, log_var = self.posterior(x)
        return self.decode(self.reparameterize(mu, log_var, eps, generator)), mu, log_var

    @torch.no_grad()
    def sample(self, num_samples: int, generator: Generator | None = None) -> Tensor:
        """New images (num_samples, D): latent vectors from the prior N(0, I), decoded."""
        return self.decode(torch.randn((num_samples, self.latent_dim), generator=generator))


def _hidden_layers(input_dim: int, hidden_dim: int, depth: int) -> nn.Sequential:
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for i in range(1, depth + 1):
        layers[f"fc{i}"] = _linear(input_dim if i == 1 else hidden_dim, hidden_dim)
        layers[f"relu{i}"] = nn.ReLU()
    return nn.Sequential(layers)


def _linear(inputs: int, outputs: int) -> nn.Linear:
    """A linear layer without weights yet, so that building it draws nothing from the global generator."""
    layer: nn.Linear = nn.utils.skip_init(nn.Linear, inputs, outputs)  # type: ignore[no-untyped-call]
    return layer


def _draw_weights(model: nn.Module, generator: Generator | None) -> None:
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            limit = 1 / sqrt(layer.in_features)
            nn.init.uniform_(layer.weight, -limit, limit, generator=generator)
            nn.init.uniform_(layer.bias, -limit, limit, generator=generator)
