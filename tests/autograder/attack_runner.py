"""A grader of its own that grades hostile files, as one user or another, and says in JSON what came of it.

Started as `python -m tests.autograder.attack_runner FOLDER WITHOUT NAME...`; `FOLDER` is its temporary folder,
`WITHOUT` names walls that are left out, to show that an attack needs them.
"""

from __future__ import annotations

import functools
import json
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

from autograder.engine.answering.oracle import Live
from autograder.engine.catalogue import exercises
from autograder.engine.grading.grade import grade
from autograder.engine.walls.sandbox import Plan
from autograder.engine.worker_client import worker
from autograder.engine.worker_client.forked import Forked
from autograder.engine.worker_client.limits import Limits
from tests.autograder.attacks import ATTACKS, SECRET
from tests.autograder.submissions import ROOT, solution_with

HONEST = ("1.1", "1.2")


def text_of(name: str, facts: dict[str, Any]) -> str:
    """The solution, whose part 1.3 is the attack: what it says tells whether it got through."""
    facts = {**facts, "folder": str(facts["folder"]), "root": str(ROOT)}
    extra = "import ctypes, itertools, mmap, os, resource, signal, socket, struct, subprocess, threading, time\n"
    return solution_with(
        {"1.3": ATTACKS[name]}, extra + "".join(f"{key} = {value!r}\n" for key, value in facts.items())
    )


def main(folder: Path, without: list[str], names: list[str]) -> None:
    mock.patch.object(worker, "Plan", functools.partial(Plan, without=tuple(without))).start()
    os.environ[SECRET] = "secret"
    latent = next(exercise for exercise in exercises() if exercise.name == "latent")
    oracle = Live(latent)
    oracle.start()
    oracle.mistakes("1.3")
    server = socket.create_server(("127.0.0.1", 0))
    facts = {"folder": folder, "grader": os.getpid(), "zygote": Forked._shared.pid if Forked._shared else os.getpid()}
    facts["port"] = server.getsockname()[1]
    before = set(os.listdir("/proc/self/fd"))

    def one(name: str) -> tuple[str, Any]:
        path = folder / name / latent.starter
        path.parent.mkdir()
        path.write_text(text_of(name, facts), encoding="utf-8")
        outcomes = grade(latent, path, parts=[*HONEST, "1.3"], oracle=oracle, limits=Limits(call=4.0))
        findings = {o.part.number: o.finding for o in outcomes}
        left = sorted(p.name for p in path.parent.iterdir())
        return name, {"states": [f.state.value for f in findings.values()], "got": findings["1.3"].got, "left": left}

    with ThreadPoolExecutor(2) as pool:
        found = dict(pool.map(one, names))
    connected = _was_connected(server)
    oracle.close()
    zygote = Forked._shared
    workers = Path(f"/proc/{zygote.pid}/task/{zygote.pid}/children").read_text().split() if zygote else []
    left = sorted(p.name for p in folder.iterdir() if p.name not in names)
    after = len(set(os.listdir("/proc/self/fd")) - before)
    about = {"workers": workers, "left": left, "descriptors": after, "connected": connected}
    print(json.dumps({"user": os.getuid(), "found": found, **about}))


def _was_connected(server: socket.socket) -> bool:
    server.settimeout(0.1)
    try:
        server.accept()
    except TimeoutError:
        return False
    finally:
        server.close()
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]), [name for name in sys.argv[2].split(",") if name], sys.argv[3:])
