"""The models that the explorer of the lessons shows, each a run of the store, and their scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from course import datasets, runs, snapshots
from course.explorer.contents import Payload, data_payload, data_title, model_payload, script
from course.explorer.encoders import encoder_payload
from course.labelled import ConditionalVAE
from course.models import VAE, Autoencoder, LatentModel
from course.registry import Model
from course.training import Settings

__all__ = [
    "SHOWN",
    "STAGES_AT",
    "Shown",
    "data_script",
    "data_title",
    "encoder_script",
    "model",
    "model_script",
    "stages_script",
]

STAGES_AT = (0, 100, 200, 300, 400, 600, 800, 1000, 2000, 4000)


@dataclass(frozen=True)
class Shown:
    """A model of the explorer, the images that are shown with it, and how it is trained.

    `learned` is what it learned from, where that is more than the images that come with the course.
    """

    title: str
    data: str = "lines64"
    learned: str = ""
    kind: type[LatentModel] = VAE
    size: Mapping[str, int] = field(default_factory=lambda: {"hidden_dim": 32})
    settings: Settings = field(default_factory=Settings)
    staged: bool = False

    def model(self) -> LatentModel:
        """The trained model, from the run store."""
        return runs.load_or_train(self.learned or self.data, self.size, self.settings, kind=self.kind)


_FASHION = Settings(**datasets.default_settings("fashion"))
SHOWN: dict[str, Shown] = {
    "lines64-beta1": Shown("VAE, β = 1", staged=True),
    "lines64-beta05": Shown("VAE, β = ½", settings=Settings(beta=0.5)),
    "lines64-beta4": Shown("VAE, β = 4", settings=Settings(beta=4.0)),
    "lines64-ae": Shown("Autoencoder", kind=Autoencoder),
    "lines64-cvae": Shown("Conditional VAE", kind=ConditionalVAE),
    "fashion-2": Shown(
        "VAE, 2 dimensions", "fashion-sample", "fashion", size={"hidden_dim": 64, "latent_dim": 2}, settings=_FASHION
    ),
    "fashion-8": Shown(
        "VAE, 8 dimensions", "fashion-sample", "fashion", size={"hidden_dim": 64, "latent_dim": 8}, settings=_FASHION
    ),
}


def model(name: str) -> LatentModel:
    """The model that the explorer shows under this name; KeyError, with the names there are, for another."""
    return _shown(name).model()


def model_script(name: str) -> str:
    """The script of a model."""
    return script("model", name, _payload(name, _shown(name).model()))


def encoder_script(name: str) -> str:
    """The script of a model's encoder, for the reader's own drawings."""
    shown = _shown(name)
    return script("encoder", name, encoder_payload(shown.model(), shown.data))


def data_script(data: str) -> str:
    """The script of the images on the map."""
    return script("data", data, data_payload(data))


def stages_script(name: str) -> str:
    """The script of the same training at ten moments: decoder and codes after each number of steps."""
    shown = _shown(name)
    found = snapshots.snapshots(shown.data, shown.size, shown.settings, STAGES_AT, kind=shown.kind)
    return script("stages", name, {"stages": [{"step": s, **_payload(name, m)} for s, m in found.items()]})


def _payload(name: str, trained: Model) -> Payload:
    shown = _shown(name)
    python = f'from course.explorer import lessons\n\nmodel = lessons.model("{name}")'
    facts: dict[str, Any] = {"python": python, "steps": shown.settings.steps, "staged": shown.staged}
    return model_payload(trained, shown.data, shown.title, facts)


def _shown(name: str) -> Shown:
    if name not in SHOWN:
        raise KeyError(f"the explorer shows no model {name!r}; there are {', '.join(SHOWN)}")
    return SHOWN[name]
