"""Ten networks that put clothes on a plane, and what each of their maps is worth.

Five shapes of network, each as an autoencoder and as a VAE, all with two latent dimensions and the same budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from course.fashion import FashionSet
from course.models import VAE, Autoencoder, LatentModel
from course.planes import Bounds, class_map, decoded_grid, extent_of, islands, map_accuracy
from course.studies import judge

__all__ = ["ARCHITECTURES", "SHAPES", "Architecture", "Plane", "plane_of", "squared_error"]

SHAPES = ((32, 1), (32, 4), (128, 1), (128, 2), (128, 4))
"""Units of a hidden layer, and hidden layers on either side."""


@dataclass(frozen=True)
class Architecture:
    """A kind of model and its shape."""

    kind: type[LatentModel]
    hidden_dim: int
    depth: int

    @property
    def size(self) -> dict[str, Any]:
        """What tells it from the default of Fashion-MNIST, a network of 128 units and 2 hidden layers."""
        shape = {"hidden_dim": (self.hidden_dim, 128), "depth": (self.depth, 2)}
        return {"latent_dim": 2} | {name: value for name, (value, usual) in shape.items() if value != usual}

    @property
    def title(self) -> str:
        return f"{'VAE' if self.kind is VAE else 'autoencoder'}, {self.depth} \N{MULTIPLICATION SIGN} {self.hidden_dim}"


ARCHITECTURES = {
    f"{'vae' if kind is VAE else 'ae'}-{depth}x{hidden}": Architecture(kind, hidden, depth)
    for hidden, depth in SHAPES
    for kind in (Autoencoder, VAE)
}


@dataclass(frozen=True)
class Plane:
    """A plane as the judge sees it: codes (N, 2), the extent around them, and the class map (side, side) of that."""

    codes: NDArray[np.float32]
    extent: Bounds
    classes: NDArray[np.int64]

    def accuracy(self, labels: NDArray[np.integer]) -> float:
        """Share of the codes that lie in a cell of their own class."""
        return map_accuracy(self.classes, self.codes, labels, self.extent)

    def islands(self, at_least: int = 1) -> int:
        """In how many pieces, of so many cells or more, all classes together lie."""
        return sum(islands(self.classes, at_least).values())


@torch.no_grad()
def plane_of(model: LatentModel, images: NDArray[np.float32], side: int = 80, extent: Bounds | None = None) -> Plane:
    """Encode images (N, D), take the bounds, decode a grid inside them, ask the judge for the class of every cell."""
    codes = model.encode(torch.from_numpy(images)).numpy()
    bounds = extent or extent_of(codes)
    return Plane(codes, bounds, class_map(judge.classes, decoded_grid(model.decode, side, bounds)))


@torch.no_grad()
def squared_error(model: LatentModel, images: FashionSet) -> float:
    """Squared error of the way to the code and back, summed over pixels, averaged over images."""
    x = torch.from_numpy(images.images)
    return float((model.decode(model.encode(x)) - x).square().sum(dim=1).mean())
