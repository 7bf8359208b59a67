"""The program that is started as a zygote, or as a worker where nothing can be forked.

It runs as `python -I program.py zygote SOCKET` or `python -I program.py fresh PLAN`. With -I nothing of this project is
on the path, so it first makes importable what a worker needs. What a worker then does is in `serving.py`.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

__all__ = ["main"]

PROJECT = Path(__file__).resolve().parents[3]


def _end_with(parent: int) -> None:
    """Where the kernel does not end a worker with its grader, the worker looks after that itself."""
    if sys.platform == "linux" or os.name != "posix":
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _expose(package: str) -> None:
    """Makes one package of this project importable without its neighbours (-I leaves the project off the path)."""
    start = PROJECT / package / "__init__.py"
    if package in sys.modules or not start.is_file():
        return
    spec = spec_from_file_location(package, start, submodule_search_locations=[str(start.parent)])
    assert spec is not None
    assert spec.loader is not None
    sys.modules[package] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


def main(role: str, given: str) -> None:
    _expose("autograder")
    _expose("course")
    if role == "zygote":
        importlib.import_module("autograder.engine.worker_process.zygote").fork_on_request(int(given))
        return
    from autograder.engine import wire
    from autograder.engine.worker_process.serving import begin, serve

    plan = json.loads(given)
    requests, answers = os.dup(0), os.dup(1)
    try:
        importlib.import_module("autograder.engine.worker_process.dispatch")
    except Exception as error:
        trouble = wire.Message({"trouble": f"{type(error).__name__}: {error}"[:1000]})
        os.write(answers, wire.encode(trouble))
        os._exit(1)
    _end_with(plan["parent"])
    serve(*begin(requests, answers, plan))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, who then ends its workers
    main(*sys.argv[1:3])
