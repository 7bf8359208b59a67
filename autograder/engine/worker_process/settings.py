"""Settings of torch, numpy and Python for the whole process. What a file sets while it is imported is its own world:
its functions are judged in the usual one, and only what a call changes counts.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

__all__ = ["Settings", "run_uncompiled"]

Setting = tuple[Callable[[], Any], Callable[[Any], Any]]
_filters: Any = warnings.filters  # a list, whatever its type says

SETTINGS: tuple[Setting, ...] = (  # how each is asked for, and how it is put back
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.get_default_device, lambda _: torch.set_default_device(None)),
    (torch.get_num_threads, torch.set_num_threads),
    (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
    (lambda: torch.is_autocast_enabled("cpu"), lambda found: torch.set_autocast_enabled("cpu", found)),
    (torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
    (torch.is_anomaly_enabled, torch.set_anomaly_enabled),
    (np.geterr, lambda found: np.seterr(**found)),
    (lambda: list(_filters), lambda found: _filters.__setitem__(slice(None), found)),
    (sys.getrecursionlimit, sys.setrecursionlimit),
)


class Settings:
    """All of them, as they are when this is made."""

    def __init__(self) -> None:
        self._found = [(ask(), ask, put) for ask, put in SETTINGS]

    def put_back(self) -> None:
        for found, ask, put in self._found:
            if ask() != found:
                put(found)


def run_uncompiled() -> None:
    """What torch.compile and DataLoader make needs compilers and further processes, which no worker has. A function
    is judged as it is written, and a loader loads in this process: the answers are the same.
    """
    os.environ["TORCHDYNAMO_DISABLE"] = "1"  # for whoever asks dynamo itself
    torch.compile = _as_it_is
    loader: Any = torch.utils.data.DataLoader
    loader._get_iterator = _in_this_process


def _as_it_is(model: Any = None, **_: Any) -> Any:
    return model if model is not None else lambda function: function


def _in_this_process(loader: Any) -> Any:
    loader.num_workers = loader.timeout = 0
    return torch.utils.data.dataloader._SingleProcessDataLoaderIter(loader)
