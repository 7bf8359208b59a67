"""Settings of torch, numpy and Python for the whole process. What a file sets while it is imported is its own world:
its functions are judged in the usual one, and only what a call changes counts.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import torch

__all__ = ["OF_CALLS", "SLOW", "Settings", "run_uncompiled"]

NOTHING_COMPILED = "torch._dynamo"
Setting = tuple[Callable[[], Any], Callable[[Any], Any]]
_filters: Any = warnings.filters  # a list, whatever its type says

OF_CALLS: dict[str, Setting] = {  # by the code of a change: how each is asked for, and how it is put back
    "grad_mode": (torch.is_grad_enabled, torch.set_grad_enabled),
    "default_dtype": (torch.get_default_dtype, torch.set_default_dtype),
    "threads": (torch.get_num_threads, torch.set_num_threads),
    "deterministic": (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
    "precision": (torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
    "anomaly": (torch.is_anomaly_enabled, torch.set_anomaly_enabled),
}
SLOW: dict[str, Setting] = {  # to ask for these takes long: after a call, only where it set them
    "device": (torch.get_default_device, lambda _: torch.set_default_device(None)),
    "autocast": (
        lambda: torch.is_autocast_enabled("cpu"),
        lambda found: torch.set_autocast_enabled("cpu", found),
    ),
    "numpy_errors": (np.geterr, lambda found: np.seterr(**found)),
}
OF_FILES: dict[str, Setting] = {  # libraries that a call is the first to use may change these
    **OF_CALLS,
    **SLOW,
    "warnings": (lambda: list(_filters), lambda found: _filters.__setitem__(slice(None), found)),
    "recursion": (sys.getrecursionlimit, sys.setrecursionlimit),
}


class Settings:
    """All of some settings, as they are when this is made."""

    def __init__(self, settings: Mapping[str, Setting] = OF_FILES) -> None:
        self._found = [(code, ask(), ask, put) for code, (ask, put) in settings.items()]

    def put_back(self) -> list[str]:
        """Puts back what was changed; the codes of that."""
        changed = [(code, found, put) for code, found, ask, put in self._found if ask() != found]
        for _, found, put in changed:
            put(found)
        return [code for code, _, _ in changed]


def run_uncompiled() -> None:
    """What torch.compile and DataLoader make needs compilers and further processes, which no worker has. A function
    is judged as it is written, and a loader loads in this process: the answers are the same.
    """
    os.environ["TORCHDYNAMO_DISABLE"] = "1"  # for whoever asks dynamo itself
    torch.compile = _as_it_is
    if NOTHING_COMPILED not in sys.modules:
        sys.modules[NOTHING_COMPILED] = torch._dynamo = _NothingCompiled(NOTHING_COMPILED)
    loader: Any = torch.utils.data.DataLoader
    loader._get_iterator = _in_this_process


class _NothingCompiled(ModuleType):
    """What an optimizer asks of torch's compiler, of which the real one takes a second to import in each worker.

    For anything else the real one is imported.
    """

    @staticmethod
    def disable(function: Any = None, *_: Any, **__: Any) -> Any:
        return _as_it_is(function)

    @staticmethod
    def graph_break(*_: Any, **__: Any) -> None:
        return

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def _as_it_is(model: Any = None, **_: Any) -> Any:
    return model if model is not None else lambda function: function


def _in_this_process(loader: Any) -> Any:
    loader.num_workers = loader.timeout = 0
    return torch.utils.data.dataloader._SingleProcessDataLoaderIter(loader)
