"""The files that were handed over with a request, as they lie in the worker's own folder."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.engine import trees, wire
from autograder.engine.messages import LoadRequest

__all__ = ["SubmittedFiles", "unpack"]


@dataclass(frozen=True)
class SubmittedFiles:
    """A submission's files, the one to load with its bytes, and what was left out of them and why."""

    folder: Path
    start: Path
    source: bytes
    left_out: Mapping[str, str]

    def as_known(self, message: str) -> str:
        """A message with names of files as the student knows them."""
        return message.replace(f"{self.folder}{os.sep}", "").replace(str(self.folder), "the submission's folder")

    def about(self, error: BaseException, message: str) -> str:
        """What to say about something that is not there: that it was left out, or where it is."""
        if not isinstance(error, ImportError | FileNotFoundError | PermissionError):
            return ""
        for name, why in self.left_out.items():
            module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            named = {name, module, module.rpartition(".")[2], module.partition(".")[0]}
            if any(re.search(rf"['/]{re.escape(each)}['./]", message) for each in named):
                return f"({name} lies there, but was left out: it {why})"
        beside = self.beside(error)
        return f"(it lies beside your file: open it as Path(__file__).parent / {beside!r})" if beside else ""

    def beside(self, error: BaseException) -> str:
        """The name of a file that was looked for in another place, and lies beside the submission; or nothing."""
        wanted: Any = getattr(error, "filename", None)
        wanted = Path(os.fsdecode(wanted)).name if isinstance(wanted, str | bytes) else ""
        return wanted if wanted and os.path.exists(self.folder / wanted) else ""


def unpack(request: LoadRequest, arrays: Sequence[wire.Array], home: Path) -> SubmittedFiles:
    """Writes the files of a request below the worker's folder, in place of what an earlier request brought."""
    folder = home / "submission"
    trees.remove(folder)
    folder.mkdir()
    left_out = dict(request["left_out"])
    contents = dict(zip(request["files"], arrays, strict=True))
    for name, content in contents.items():
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content.tobytes())
        except OSError as error:
            left_out[name] = f"cannot be written here ({error.strerror})"
    start = request["start"]
    return SubmittedFiles(folder, folder / start, contents[start].tobytes(), left_out)
