"""All claims of all lessons, and the runs that they need, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import TypeVar

from course.claims import (
    anomalies,
    autoencoder,
    axes,
    bound,
    collapse,
    convolutions,
    digit_codes,
    directions,
    drawing,
    explorer,
    factors,
    grey_pixels,
    interpolation,
    kl_divergence,
    labels,
    latent_spaces,
    map_limits,
    maps,
    reparameterization,
    training,
)
from course.claims.base import Claim, RunSpec

__all__ = ["CLAIMS", "RUNS", "SOURCES", "file_of", "merged"]

T = TypeVar("T")
_LESSONS = (
    latent_spaces, reparameterization, bound, kl_divergence, training, collapse, interpolation, directions,
    autoencoder, grey_pixels, convolutions, digit_codes, anomalies, maps, map_limits, factors, axes, labels,
    explorer, drawing,
)  # fmt: skip


def merged(what: str, tables: Iterable[tuple[str, Mapping[str, T]]], *, shared: bool = False) -> dict[str, T]:
    """One table of several, each given with its file.

    Raises ValueError for a name that two of them have. With `shared`, both may have it if they mean the same.
    """
    all_of: dict[str, T] = {}
    owner: dict[str, str] = {}
    for file, table in tables:
        for name, each in table.items():
            if name in all_of and not (shared and all_of[name] == each):
                meaning = " with another meaning" if shared else ""
                raise ValueError(
                    f"expected one {what} of the name {name!r}, but {owner[name]} and {file} both have one{meaning}: "
                    "rename one of them"
                )
            all_of[name], owner[name] = each, owner.get(name, file)
    return all_of


def file_of(lesson: ModuleType) -> str:
    """The file of a lesson's claims, from the root of the project."""
    return lesson.__name__.replace(".", "/") + ".py"


CLAIMS: dict[str, Claim] = merged("claim", ((file_of(lesson), lesson.CLAIMS) for lesson in _LESSONS))
RUNS: dict[str, RunSpec] = merged("run", ((file_of(lesson), lesson.RUNS) for lesson in _LESSONS), shared=True)
SOURCES = {name: file_of(lesson) for lesson in _LESSONS for name in lesson.CLAIMS}
"""The file that measures each claim."""
