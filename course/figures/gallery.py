"""All figures and animations of the site by name."""

from __future__ import annotations

from collections.abc import Callable

from course.figures import (
    autoencoder,
    bound,
    explorer,
    factors,
    front,
    interpolation,
    kl_divergence,
    labels,
    latent_spaces,
    maps,
    reparameterization,
    signatures,
    training,
)
from course.figures.animation import Animation
from course.figures.style import Drawing, Theme, themed

__all__ = ["ANIMATIONS", "FIGURES", "animate", "draw"]

_MODULES = (
    latent_spaces, reparameterization, bound, kl_divergence, training, interpolation, autoencoder, maps, factors,
    labels, explorer, front, signatures,
)  # fmt: skip
FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    name: figure for module in _MODULES for name, figure in module.FIGURES.items()
}
ANIMATIONS: dict[str, Callable[[], Animation]] = {
    name: animation for module in _MODULES for name, animation in module.ANIMATIONS.items()
}


def draw(name: str, theme: Theme = "light") -> Drawing:
    """The figure of this name; KeyError, with the names there are, for another."""
    if name not in FIGURES:
        raise KeyError(f"no figure {name!r}; there are {', '.join(FIGURES)}")
    with themed(theme):
        return FIGURES[name](theme)


def animate(name: str) -> Animation:
    """The animation of this name; KeyError, with the names there are, for another."""
    if name not in ANIMATIONS:
        raise KeyError(f"no animation {name!r}; there are {', '.join(ANIMATIONS)}")
    return ANIMATIONS[name]()
