"""Damages own images of every form and reads them: `python -m tests.course.fuzz_images --count 20000`.

What comes out is either a set of images, or an error that names the file; never anything else. An input is made from
the seed and its number, so that `--first NUMBER --count 1` makes it again; one that fails is also written to the folder
of `--keep`. Memory is limited, and what hangs is ended.
"""

from __future__ import annotations

import resource
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import click
import numpy as np
from tqdm import tqdm

from course import own_images
from course.errors import CourseError
from tests.course.image_corpus import corpus, damaged

__all__ = ["Place", "damaged_file"]

MOST_MEMORY = 1 << 30  # bytes, beside what the program has when it starts
MOST_SECONDS = 30


class Hangs(BaseException):
    """It takes too long."""


class Place:
    """Folders of whole files, among which one damaged file is put at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, content in corpus().items():
            if "ubyte" in name:
                for part in ("train", "t10k"):
                    self.put(name.replace("train", part), content)
            elif name in ("grey.png", "grey.jpg", "plain.bmp"):
                self.put(f"whole-{name}", content)

    def put(self, name: str, content: bytes) -> Path:
        form = "file" if name.endswith(".npz") else "pictures" if "ubyte" not in name else f"idx{Path(name).suffix}"
        path = self.root / form / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def outcome(self, name: str, content: bytes) -> str:
        """What becomes of images of which this file has this content: "read" or "refused".

        Raises what a reader of own images should not.
        """
        file = self.put(name, content)
        try:
            return _looked_at(file if name.endswith(".npz") else file.parent, file)
        finally:
            if "ubyte" in name:
                self.put(name, corpus()[name])
            else:
                file.unlink()


def _looked_at(path: Path, file: Path) -> str:
    try:
        own = own_images.read(path)
    except (CourseError, OSError) as error:
        words = str(error)
        assert str(path) in words or file.name in words, f"names no file: {words}"
        assert len(words.splitlines()) == 1, f"several lines: {words!r}"
        return "refused"
    for part in (own.train, own.test):
        assert part.images.dtype == np.float32
        assert part.images.shape == (len(part.labels), own.train.images.shape[1])
        assert np.isfinite(part.images).all()
        assert 0 <= part.images.min() <= part.images.max() <= 1
        assert 0 <= part.labels.min() <= part.labels.max() < len(part.class_names)
    return "read"


def damaged_file(seed: int, number: int) -> tuple[str, bytes]:
    """The name and the content of one input."""
    name = list(corpus())[number % len(corpus())]
    return name, damaged(name, np.random.default_rng((seed, number)))


def _limit() -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0])
    most = pages * resource.getpagesize() + MOST_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _hangs(*_: Any) -> None:
    raise Hangs


@click.command()
@click.option("--count", default=20_000, show_default=True, help="How many inputs.")
@click.option("--first", default=0, show_default=True, help="The number of the first.")
@click.option("--seed", default=0, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), default=Path("build/fuzz"), help="For failures.")
def main(count: int, first: int, seed: int, keep: Path) -> None:
    """Damages own images and reads them."""
    _limit()
    signal.signal(signal.SIGALRM, _hangs)
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as root:
        place = Place(Path(root))
        for number in tqdm(range(first, first + count), unit="input", disable=None):
            name, content = damaged_file(seed, number)
            signal.alarm(MOST_SECONDS)
            try:
                result = place.outcome(name, content)
            except (Exception, Hangs):  # whatever it is, it is a failure, and the next input is tried
                result = "failed"
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{seed}-{number}-{name}").write_bytes(content)
                tqdm.write(f"seed {seed}, number {number}, {name}:\n{traceback.format_exc()}")
            signal.alarm(0)
            counts[name.rpartition(".")[2] if "." in name else "idx", result] += 1
    for (form, result), times in sorted(counts.items()):
        click.echo(f"{form:6} {result:8} {times:7}")
    failed = sum(times for (_, result), times in counts.items() if result == "failed")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    click.echo(f"seed {seed}: {count} inputs, {failed} failed, {peak} MiB at most{f'; see {keep}' if failed else ''}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
