"""The command lines on pages that train: none of a page replaces what another one wrote."""

import re
import shlex
from collections import Counter
from pathlib import Path

import click
import pytest

from course.cli import main

ROOT = Path(__file__).parents[2]
TRAIN = re.compile(r"^ *\$ latent-course (train.*?)(?:  +# .*)?$", re.MULTILINE)
PAGES = [path for path in (ROOT / "docs").rglob("*.rst") if TRAIN.search(path.read_text("utf-8"))]


def weights(line: str) -> str:
    """The file to which a line writes, without its suffix."""
    _, *words = shlex.split(line)
    command = main.get_command(click.Context(main), "train")
    assert command
    options = command.make_context("train", words).params
    return Path(options["out"] or f"{Path(options['data']).stem}-{options['model']}").stem


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.parent.name)
def test_every_training_of_a_page_has_files_of_its_own(page: Path) -> None:
    written = Counter(map(weights, TRAIN.findall(page.read_text("utf-8"))))
    assert max(written.values()) == 1, written


def test_the_pages_that_train_are_looked_at() -> None:
    assert len(PAGES) > 4
    assert weights("train --beta 4") == weights("train --depth 3") == "lines64-vae"
    assert weights("train --data digits.npz --model ae") == "digits-ae"
    assert weights("train --depth 3 --out deep") == weights("train --out deep.safetensors") == "deep"
