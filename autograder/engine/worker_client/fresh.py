"""Workers as fresh processes: where nothing can be forked. Each imports torch, which takes about a second."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

__all__ = ["Fresh"]


class Fresh:
    """One process of its own; `Forked` in forked.py is the other kind, and process.py says what they share."""

    def __init__(self, program: Path, plan: Mapping[str, Any]) -> None:
        given = json.dumps({**plan, "parent": os.getpid()})
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(program), "fresh", given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=plan["environment"],
            cwd=plan["home"],
            start_new_session=os.name == "posix",
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.requests: IO[bytes] = self._process.stdin
        self.answers: IO[bytes] = self._process.stdout

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ahead(self) -> int:
        """Nothing: not every system says how much a pipe holds."""
        return 0

    def ended(self, seconds: float) -> int | None:
        """The exit code, or minus the signal; None if it still runs after so many seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=seconds)
        return None

    def end(self) -> None:
        """Ends the process and all of its group."""
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
