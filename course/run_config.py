"""A training before it is made: everything that decides its weights, the name that follows from it, and `train`."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar, overload

from torch import Generator

from course import datasets, identity, likelihoods, training
from course.interrupts import held
from course.models import VAE
from course.registry import SHORT, Model, kind_named
from course.training import History, Settings, fit

__all__ = ["CHANGES", "RunConfig", "build"]

M = TypeVar("M", bound=Model)
CHANGES = ("way", "without")  # what a study may change: how z was sampled, which class was left out


@dataclass(frozen=True)
class RunConfig:
    """A training that can be made. What a study changes in it is named in `changes` and done by its `module`."""

    data: str
    kind: type[Model]
    size: Mapping[str, Any]
    settings: Settings
    changes: Mapping[str, Any] = field(default_factory=dict)
    module: str | None = None

    @classmethod
    def of(
        cls, data: str, kind: type[Model] = VAE, size: Mapping[str, Any] | None = None, settings: Settings | None = None
    ) -> RunConfig:
        """What `size` and `settings` leave out is what `datasets` says for this data.

        A size that is said but is the model's own default counts as left out, so that one training has one name.
        """
        settings = settings or Settings(**datasets.default_settings(data))
        usual, own = datasets.default_size(data, kind), inspect.signature(kind).parameters
        given = {n: v for n, v in (size or {}).items() if n in usual or n not in own or v != own[n].default}
        return cls(data, kind, {**usual, **given}, settings)

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> RunConfig:
        """The configuration that a run's record describes, without the module of a study's change.

        Raises KeyError, TypeError or ValueError where it describes none of today's.
        """
        size = dict(record["model"])
        config = cls.of(datasets.recorded(record), kind_named(size.pop("kind")), size, Settings(**record["settings"]))
        changes = {name: record[name] for name in CHANGES if name in record}
        return cls(config.data, config.kind, config.size, config.settings, changes)

    @property
    def parameters(self) -> dict[str, Any]:
        """What decides the weights, as JSON can hold it.

        A setting that was added to `Settings` later says in its metadata which value is `neutral`, that is, trains as
        before; with this value it is left out, and names stay.
        """
        settings = asdict(self.settings)
        for each in fields(self.settings):
            if "neutral" in each.metadata and settings[each.name] == each.metadata["neutral"]:
                del settings[each.name]
        data = datasets.source(self.data).name
        return {"data": data, "kind": self.kind.__name__, "size": dict(self.size), "settings": settings, **self.changes}

    @property
    def versions(self) -> dict[str, int]:
        """The TRAINING_VERSION of the modules that train, build the model, make the data, and change it."""
        ours = [c.__module__ for c in self.kind.__mro__ if c.__module__.startswith("course.")]
        images = datasets.source(self.data)
        chosen = [likelihoods.__name__] if "likelihood" in self.size else []  # the usual one is older than its module
        changed = [self.module] if self.module else []
        return identity.versions([training.__name__, *ours, *chosen, *images.modules, *changed])

    @property
    def record(self) -> dict[str, Any]:
        """The parameters, the versions, and where own images lie, which decides nothing."""
        path = datasets.source(self.data).path
        where = {} if path is None else {"path": str(path)}
        return {**self.parameters, "training_versions": self.versions, **where}

    @property
    def label(self) -> str:
        """The part of the name before the digest."""
        short = next(name for name, kind in SHORT.items() if kind is self.kind)
        usual = asdict(Settings(**datasets.default_settings(self.data))) | datasets.default_size(self.data, self.kind)
        usual.pop("latent_dim", None)  # always said
        parts = self.parameters
        return identity.label(parts["data"], short, self.size, asdict(self.settings), usual, self.changes)

    @property
    def name(self) -> str:
        """The name of the run's folder."""
        return identity.name_of(self.label, self.parameters, self.versions)

    def train(self, progress: bool | None = None, *, steps: int | None = None) -> tuple[Model, History]:
        """The trained model, and what training saw; with `steps`, its beginning. Ctrl-C ends it after a whole step.

        What a study changes is not done here.
        """
        model, images = build(self.size, self.settings.seed, self.kind), datasets.images_of(self.data)
        with held() as ctrl_c:
            if ctrl_c.pressed:  # before there was anything to keep
                raise KeyboardInterrupt

            def stop(step: int) -> None:
                if step == steps or (ctrl_c.pressed and step < self.settings.steps):
                    raise KeyboardInterrupt

            options: dict[str, Any] = {"labels": images.labels, "progress": progress, "after_step": stop}
            history = fit(model, images.images, self.settings, **options)
            ctrl_c.pressed -= history.interrupted and ctrl_c.pressed > 0
        return model, history


@overload
def build(size: Mapping[str, Any], seed: int) -> VAE: ...


@overload
def build(size: Mapping[str, Any], seed: int, kind: type[M]) -> M: ...


def build(size: Mapping[str, Any], seed: int, kind: type[Any] = VAE) -> Any:
    """An untrained model whose weights are drawn with `seed`."""
    return kind(**size, generator=Generator().manual_seed(seed))
