"""Two models with the same network: the autoencoder, and the variational autoencoder (Kingma & Welling 2014)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from math import sqrt
from typing import ClassVar

import torch
from torch import Generator, Tensor, nn

from course import likelihoods, memory
from course.errors import CourseError
from course.objectives import Loss, Terms, vae_loss

__all__ = ["VAE", "Autoencoder", "LatentModel", "check_sizes", "draw_weights", "hidden_layers", "linear"]

TRAINING_VERSION = 1  # raise it when a change of these models alters training: see identity.py
_WIDEST, _DEEPEST = 10**8, 1000  # two widths together stay below what torch can count
_TRAINED = 4 * 4  # bytes of a parameter: itself, its gradient and two moments of Adam, in float32


class LatentModel(nn.Module, ABC):
    """An encoder and a decoder with `depth` hidden layers each, and a latent space of `latent_dim` dimensions between.

    Images x are (B, input_dim) in [0, 1]; z is (B, latent_dim). Labels (B,) may go with them into every model; only one
    that `takes_labels` looks at them. `likelihood` says what the decoder's outputs mean for a pixel, `scale` is that of
    a Gaussian (see `likelihoods`). The weights are drawn from `generator`, within torch's limits for linear layers.
    """

    heads: ClassVar[tuple[str, ...]] = ("fc_mu",)
    needs_labels: ClassVar[bool] = False  # to be trained
    takes_labels: ClassVar[bool] = False  # wherever an image or a latent vector goes in

    def __init__(
        self,
        input_dim: int = 256,
        hidden_dim: int = 128,
        latent_dim: int = 8,
        depth: int = 2,
        *,
        likelihood: str = "bernoulli",
        scale: float | None = None,
        generator: Generator | None = None,
    ) -> None:
        super().__init__()
        check_sizes(input_dim=input_dim, hidden_dim=hidden_dim, latent_dim=latent_dim, depth=depth)
        self.input_dim, self.hidden_dim, self.latent_dim, self.depth = input_dim, hidden_dim, latent_dim, depth
        pixels = likelihoods.named(likelihood, scale)
        self._pixels_as = {"likelihood": likelihood, "scale": scale}
        self._build()
        draw_weights(self, generator)
        self.pixels = pixels

    @property
    def size(self) -> dict[str, int | float | str]:
        """What builds a model of the same form again: `type(model)(**model.size)`."""
        sizes = ("input_dim", "hidden_dim", "latent_dim", "depth")
        usual = {"likelihood": "bernoulli", "scale": None}
        chosen = {name: value for name, value in self._pixels_as.items() if value != usual[name]}
        return {**{name: getattr(self, name) for name in sizes}, **chosen}

    @property
    def has_floor(self) -> bool:
        """Whether the nats are those of a probability, which no entropy lets fall below it, and not of a density."""
        return isinstance(self.pixels, likelihoods.Bernoulli)

    @abstractmethod
    def encode(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images (B, D) -> codes (B, Z), one for each image."""

    @abstractmethod
    def loss(
        self, x: Tensor, labels: Tensor | None = None, beta: float = 1.0, generator: Generator | None = None
    ) -> Terms:
        """What training minimises for images x (B, D), and its terms; labels (B,) where the model needs them."""

    def decode_logits(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Latent vectors (B, Z) -> logits (B, D)."""
        logits: Tensor = self.decoder(z)
        return logits

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Latent vectors (B, Z) -> x_hat (B, D) in [0, 1], the expected image."""
        return self.pixels.mean(self.decode_logits(z, labels))

    def _build(self, encoder_extra: int = 0, decoder_extra: int = 0) -> None:
        """Makes the layers, in the order in which their weights are drawn; extra inputs are for a label."""
        self.encoder = hidden_layers(self.input_dim + encoder_extra, self.hidden_dim, self.depth)
        for head in self.heads:
            self.add_module(head, linear(self.hidden_dim, self.latent_dim))
        self.decoder = hidden_layers(self.latent_dim + decoder_extra, self.hidden_dim, self.depth)
        self.decoder.add_module("out", linear(self.hidden_dim, self.input_dim))


class Autoencoder(LatentModel):
    """256 pixels -> 128 -> 128 -> a point of 8 numbers and back: nothing but the reconstruction is asked of it."""

    fc_mu: nn.Linear

    def encode(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images (B, D) -> codes z (B, Z)."""
        z: Tensor = self.fc_mu(self.encoder(x))
        return z

    def forward(self, x: Tensor) -> Tensor:
        """Images (B, D) -> x_hat (B, D)."""
        return self.decode(self.encode(x))

    def loss(
        self, x: Tensor, labels: Tensor | None = None, beta: float = 1.0, generator: Generator | None = None
    ) -> Terms:
        """The reconstruction; there is no KL, and beta weighs nothing."""
        distortion = self.pixels.nats(self.decode_logits(self.encode(x)), x).mean()
        return Loss(distortion, distortion, torch.zeros(()))


class VAE(LatentModel):
    """256 pixels -> 128 -> 128 -> 8 latent dimensions and back: each image gets a Gaussian, a cloud of points.

    mu, log_var, eps and z are (B, latent_dim).
    """

    heads: ClassVar[tuple[str, ...]] = ("fc_mu", "fc_log_var")
    fc_mu: nn.Linear
    fc_log_var: nn.Linear

    def posterior(self, x: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Images (B, D) -> mu and log_var, each (B, Z), of the Gaussian posterior q(z | x)."""
        h = self.encoder(x)  # (B, H)
        return self.fc_mu(h), self.fc_log_var(h)

    def encode(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images (B, D) -> mu (B, Z), the centre of each image's posterior."""
        return self.posterior(x, labels)[0]

    def reparameterize(
        self, mu: Tensor, log_var: Tensor, eps: Tensor | None = None, generator: Generator | None = None
    ) -> Tensor:
        """z = mu + sigma * eps, (B, Z), with eps from N(0, I) unless it is given; gradients reach mu and log_var."""
        if eps is None:
            eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        return mu + torch.exp(0.5 * log_var) * eps

    def forward(
        self,
        x: Tensor,
        eps: Tensor | None = None,
        generator: Generator | None = None,
        labels: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Images (B, D) -> x_hat (B, D), mu (B, Z), log_var (B, Z), through one sample of the posterior."""
        mu, log_var = self.posterior(x, labels)
        return self.decode(self.reparameterize(mu, log_var, eps, generator), labels), mu, log_var

    def loss(
        self, x: Tensor, labels: Tensor | None = None, beta: float = 1.0, generator: Generator | None = None
    ) -> Terms:
        """reconstruction + beta * KL, through one sample of the posterior of each image."""
        mu, log_var = self.posterior(x, labels)
        z = self.reparameterize(mu, log_var, generator=generator)
        return vae_loss(self.decode_logits(z, labels), x, mu, log_var, beta, nats=self.pixels.nats)

    @torch.no_grad()
    def sample(self, num_samples: int, generator: Generator | None = None, labels: Tensor | None = None) -> Tensor:
        """New images (num_samples, D): latent vectors from the prior N(0, I), decoded."""
        return self.decode(torch.randn((num_samples, self.latent_dim), generator=generator), labels)


def check_sizes(**sizes: int) -> None:
    """CourseError, with its name, for the first size that is no whole number from 1 on, or larger than any network."""
    for name, size in sizes.items():
        most = _DEEPEST if name == "depth" else _WIDEST
        if not isinstance(size, int) or isinstance(size, bool):
            raise CourseError(f"{name} must be a whole number, got {size!r:.60}")
        if not 1 <= size <= most:
            bound = "at least 1" if size < 1 else f"at most {most}"
            raise CourseError(f"{name} must be {bound}, got {size!s:.60}")


def hidden_layers(input_dim: int, hidden_dim: int, depth: int) -> nn.Sequential:
    """`depth` linear layers, each followed by a ReLU, without weights yet."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for i in range(1, depth + 1):
        layers[f"fc{i}"] = linear(input_dim if i == 1 else hidden_dim, hidden_dim)
        layers[f"relu{i}"] = nn.ReLU()
    return nn.Sequential(layers)


def linear(inputs: int, outputs: int) -> nn.Linear:
    """A linear layer without weights yet: building it takes no memory, and draws nothing from the global generator."""
    return nn.Linear(inputs, outputs, device="meta")


def draw_weights(model: nn.Module, generator: Generator | None) -> None:
    """Draws all layers that have weights, in the order in which they were added.

    CourseError where memory cannot hold the model and what training adds to it.
    """
    count = sum(parameter.numel() for parameter in model.parameters())
    memory.check(count * _TRAINED, f"a {type(model).__name__} of {count} parameters, with what training needs")
    model.to_empty(device="cpu")
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)) and layer.bias is not None:
            limit = 1 / sqrt(layer.weight[0].numel())  # of a linear layer: the number of its inputs
            nn.init.uniform_(layer.weight, -limit, limit, generator=generator)
            nn.init.uniform_(layer.bias, -limit, limit, generator=generator)
