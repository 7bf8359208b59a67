"""The same two models with a convolutional network: two strided convolutions to the code, two transposed ones back."""

from __future__ import annotations

from math import isqrt

from torch import Generator, nn

from course.errors import CourseError
from course.models import VAE, Autoencoder, LatentModel, check_sizes, linear

__all__ = ["ConvAutoencoder", "ConvVAE", "Convolutional"]

TRAINING_VERSION = 1  # raise it when a change of these models alters training: see identity.py


class Convolutional(LatentModel):
    """A network for square images whose side S is a multiple of 4.

    Each of the two steps to the code halves the side; the first makes `channels` images, C, the second twice as many.
    """

    def __init__(
        self,
        input_dim: int = 784,
        latent_dim: int = 8,
        channels: int = 16,
        *,
        likelihood: str = "bernoulli",
        scale: float | None = None,
        generator: Generator | None = None,
    ) -> None:
        check_sizes(input_dim=input_dim, channels=channels)
        self.channels, self.side = channels, isqrt(input_dim)  # before the layers are made, which depend on them
        if self.side**2 != input_dim or self.side % 4:
            raise CourseError(
                "a convolutional network needs square images with a side that is a multiple of 4, "
                f"got {input_dim} pixels: train an ae or a vae"
            )
        super().__init__(input_dim, latent_dim=latent_dim, likelihood=likelihood, scale=scale, generator=generator)

    @property
    def size(self) -> dict[str, int | float | str]:
        kept = {name: value for name, value in super().size.items() if name not in ("hidden_dim", "depth")}
        return {**kept, "channels": self.channels}

    def _build(self, _encoder_extra: int = 0, _decoder_extra: int = 0) -> None:
        few, many, side = self.channels, 2 * self.channels, self.side // 4
        self.encoder = nn.Sequential(
            nn.Unflatten(1, (1, self.side, self.side)),  # (B, 1, S, S)
            nn.Conv2d(1, few, 4, stride=2, padding=1, device="meta"), nn.ReLU(),  # (B, C, S / 2, S / 2)
            nn.Conv2d(few, many, 4, stride=2, padding=1, device="meta"), nn.ReLU(),  # (B, 2 C, S / 4, S / 4)
            nn.Flatten(),
        )  # fmt: skip
        for head in self.heads:
            self.add_module(head, linear(many * side**2, self.latent_dim))
        self.decoder = nn.Sequential(
            linear(self.latent_dim, many * side**2), nn.ReLU(),
            nn.Unflatten(1, (many, side, side)),  # (B, 2 C, S / 4, S / 4)
            nn.ConvTranspose2d(many, few, 4, stride=2, padding=1, device="meta"), nn.ReLU(),  # (B, C, S / 2, S / 2)
            nn.ConvTranspose2d(few, 1, 4, stride=2, padding=1, device="meta"),  # (B, 1, S, S)
            nn.Flatten(),
        )  # fmt: skip


class ConvAutoencoder(Convolutional, Autoencoder):
    """An autoencoder of square images (B, D) with convolutions in place of dense layers."""


class ConvVAE(Convolutional, VAE):
    """A VAE of square images (B, D) with convolutions in place of dense layers."""
