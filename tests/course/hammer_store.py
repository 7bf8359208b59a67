"""Processes that save, replace, list and read runs at once, and are killed at any moment. Nothing acknowledged is lost.

    python -m tests.course.hammer_store --seconds 60 --processes 8

A save is acknowledged when `runs.save` returns, and written down by the process with a single `write` to a file that is
never moved. A run that was acknowledged and cannot be read afterwards, by any process at any time, is lost.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from multiprocessing import get_context
from multiprocessing.context import ForkProcess as Process
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from course import runs
from course.run_config import build
from course.training import History

_SHARED = 3  # runs that all processes replace all the time


def hammer(store: Path, said: Path) -> None:
    """Saves and reads until it is killed; what it has seen is in `said`, a line each."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    rng, file = random.Random(os.getpid()), os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    model = build({"input_dim": 4, "hidden_dim": 2, "latent_dim": 1}, 0)
    about = {"data": "lines64", "settings": {}}

    def say(words: str) -> None:
        os.write(file, f"{words}\n".encode())

    for number in range(1_000_000):
        shared = rng.random() < 0.6
        name = f"shared-{rng.randrange(_SHARED)}" if shared else f"own-{os.getpid()}-{number}"
        try:
            history = History(1, np.full((3, 3), number, np.float32))
            runs.save(model, history, store / name, about, 1.0, replace=rng.random() < 0.7)
            say(f"saved {name}")
        except Exception as error:
            say(f"failed {name}: {error!r}")
            continue
        try:
            run = runs.get(name, store)
            assert run is not None, "it is not found by name"
            run.model(), run.history()
            if number % 5 == 0:
                assert name in [run.name for run in runs.all_runs(store)], "it is not listed"
            say(f"read {name}")
        except Exception as error:
            say(f"lost {name}: {error!r}")


def lost_at_the_end(store: Path, acknowledged: set[str]) -> list[str]:
    """The runs that were acknowledged and cannot be read."""
    lost = []
    for name in sorted(acknowledged):
        try:
            run = runs.get(name, store)
            assert run is not None, "it is not found by name"
            run.model(), run.history()
        except Exception as error:
            lost.append(f"lost {name} at the end: {error!r}")
    return lost


def started(store: Path, said: Path) -> Process:
    """A process of its own, forked, because loading torch anew would take longer than it lives."""
    process = get_context("fork").Process(target=hammer, args=(store, said))
    process.start()
    return process


def run(seconds: float, processes: int, seed: int = 0) -> tuple[Counter[str], list[str]]:
    """Counts of saved, read, failed, lost and killed, and the words of what failed or was lost."""
    rng, killed, torch_threads = random.Random(seed), 0, torch.get_num_threads()
    torch.set_num_threads(1)  # a forked process has none of the threads of its parent
    with tempfile.TemporaryDirectory() as place:
        store, said = Path(place) / "runs", Path(place) / "said"
        working = [started(store, said) for _ in range(processes)]
        ends = time.monotonic() + seconds
        with tqdm(total=round(seconds), unit="s", disable=None, leave=False) as bar:
            while (left := ends - time.monotonic()) > 0:
                time.sleep(min(left, rng.uniform(0, 0.4)))
                bar.update(round(seconds - left) - bar.n)
                which = rng.randrange(processes)
                working[which].kill()
                working[which].join()
                killed += 1
                working[which] = started(store, said)
        for process in working:
            process.kill()
            process.join()
        torch.set_num_threads(torch_threads)
        lines = said.read_text().splitlines() if said.exists() else []
        lines += lost_at_the_end(store, {line.split()[1] for line in lines if line.startswith("saved")})
    counts = Counter(line.split()[0] for line in lines)
    counts["killed"] = killed
    return counts, [line for line in lines if line.startswith(("failed", "lost"))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    tqdm.monitor_interval = 0  # no thread while processes fork
    counts, words = run(asked.seconds, asked.processes, asked.seed)
    for line in words[:20]:
        print(line)
    print(", ".join(f"{counts[word]} {word}" for word in ("saved", "read", "killed", "failed", "lost")))
    sys.exit(bool(counts["lost"] or counts["failed"]))


if __name__ == "__main__":
    main()
