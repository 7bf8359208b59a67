"""Tensors from a file that anybody may have written: safetensors, or what torch.save makes of a state_dict."""

from __future__ import annotations

import pickle
import warnings
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from course import memory, reading
from course.errors import CourseError

__all__ = ["fill", "is_safetensors", "read"]

_LONGEST = 300  # letters of somebody else's reason


def is_safetensors(path: Path) -> bool:
    """By its name: a file with another ending is what torch.save has written."""
    return path.name.lower().endswith(".safetensors")


def read(path: Path) -> dict[str, Tensor]:
    """The tensors of a file by name, float32 and contiguous.

    Raises CourseError, with the path, where it is damaged, holds something else, or more than memory does; OSError.
    """
    memory.check(2 * path.stat().st_size, str(path))
    content = reading.content(path)
    tensors = _safetensors(path, content) if is_safetensors(path) else _state_dict(path, content)
    for name, value in tensors.items():
        if what := _odd(value):
            raise CourseError(f"{path}: expected dense floating-point weights, got {what} in {name}")
    memory.check(4 * sum(value.numel() for value in tensors.values()), str(path))  # some may share their numbers
    return {name: value.detach().to(torch.float32).contiguous() for name, value in tensors.items()}


def fill(model: nn.Module, tensors: Mapping[str, Tensor], where: str) -> None:
    """Gives a model these weights. Raises CourseError, with `where` they are from, unless they are all its own."""
    own = model.state_dict()
    for name in [*own, *tensors]:
        shapes = [tuple(table[name].shape) if name in table else None for table in (own, tensors)]
        if shapes[0] != shapes[1]:
            expected, got = ("none" if shape is None else f"shape {shape}" for shape in shapes)
            raise CourseError(f"{where}: expected {expected} for {name}, got {got}")
    for name, value in tensors.items():
        if not torch.isfinite(value).all():
            raise CourseError(f"{where}: expected numbers, got NaN or infinity in {name}; train again more slowly")
    model.load_state_dict(tensors)


def _safetensors(path: Path, content: bytes) -> dict[str, Tensor]:
    try:
        return safetensors.torch.load(content)
    except (SafetensorError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise CourseError(f"{path} is damaged ({_brief(error)}); train again, or copy it again") from None


def _state_dict(path: Path, content: bytes) -> dict[str, Tensor]:
    expected = f"save vae.state_dict() with torch.save(vae.state_dict(), {path.name!r}), or with safetensors"
    try:
        found = _unpickled(content)
    except Exception as error:  # on bytes that are no pickle, torch's reader of pickles ends with anything at all
        raise CourseError(f"{path} holds no weights that can be read ({_brief(error)}): {expected}") from None
    if not isinstance(found, dict) or not found:
        raise CourseError(f"{path} holds something else than a state_dict, a {type(found).__name__}: {expected}")
    for name, value in found.items():
        if not (isinstance(name, str) and isinstance(value, Tensor)):
            got = f"{type(value).__name__} under {name!r:.60}"
            raise CourseError(f"{path} holds something else than tensors by name, {got}: {expected}")
    return found


def _unpickled(content: bytes) -> Any:
    """What torch.save has written. A pickle may run code; weights may not."""
    file = BytesIO(content)
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            if sum(part.file_size for part in packed.infolist()) > len(content):
                raise ValueError("it is compressed, and could be larger than memory")
    file.seek(0)
    with warnings.catch_warnings(action="ignore"):  # of torch, about itself
        return torch.load(file, map_location="cpu", weights_only=True)


def _odd(value: Tensor) -> str:
    """What is wrong with a tensor, in a word; nothing if its numbers lie there one by one."""
    if value.layout != torch.strided or value.is_nested:
        return "a sparse or nested tensor"
    if value.is_quantized or not value.is_floating_point():
        return str(value.dtype)
    if value.device.type == "meta":
        return "a tensor without numbers"
    if value.untyped_storage().nbytes() < value.numel() * value.element_size():
        return "an expanded tensor, which is saved with .contiguous(),"
    return ""


def _brief(error: Exception) -> str:
    """Somebody else's reason in one line."""
    if isinstance(error, pickle.UnpicklingError):  # torch would advise to run what it has refused
        return "it is no pickle of tensors alone"
    words = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."
