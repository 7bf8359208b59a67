"""The course replaces what it wrote itself, told by content, and nobody else's files."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from safetensors.torch import save_file

from course import checkpoints, outputs
from course.claims import measuring
from course.errors import CourseError
from course.explorer.page import own_page
from course.figures import Animation, write_gif
from course.figures.saving import check_format, save
from course.models import VAE

RECORD = {"data": "lines64", "versions": checkpoints.versions()}
FRAMES = np.zeros((2, 4, 4), np.uint8)


def figure() -> Figure:
    drawn = Figure(figsize=(1, 1))
    drawn.subplots().plot([0, 1])
    return drawn


def page(path: Path) -> None:
    path.write_text(own_page(checkpoints.load("lines64"), "lines64", "mine", ""), encoding="utf-8")


OURS: dict[str, tuple[outputs.Kind, Callable[[Path], object]]] = {
    "a.safetensors": ("weights", lambda path: checkpoints.save(VAE(hidden_dim=2), path, RECORD)),
    "a.json": ("record", lambda path: checkpoints.save(VAE(hidden_dim=2), path.with_suffix(".safetensors"), RECORD)),
    "claims.json": ("claims", lambda path: measuring.write({}, path)),
    "a.png": ("figure", lambda path: save(figure(), path)),
    "a.svg": ("figure", lambda path: save(figure(), path)),
    "a.pdf": ("figure", lambda path: save(figure(), path)),
    "no ending": ("figure", lambda path: save(figure(), path)),
    "a.gif": ("animation", lambda path: write_gif(Animation(FRAMES, 2, ("a", "b"), "two"), path)),
    "a.html": ("page", page),
}
THEIRS: dict[str, tuple[outputs.Kind, Callable[[Path], object]]] = {
    "a.safetensors": ("weights", lambda path: save_file({"encoder.fc1.weight": torch.zeros(2)}, path)),
    "a.json": ("record", lambda path: path.write_text('{"digits": [1, 2], "model": "mine"}')),
    "list.json": ("record", lambda path: path.write_text("[]")),
    "deep.json": ("record", lambda path: path.write_text("[" * 9000)),
    "claims.json": ("claims", lambda path: path.write_text('{"claims": []}')),
    "a.png": ("figure", lambda path: figure().savefig(path)),
    "a.svg": ("figure", lambda path: figure().savefig(path)),
    "a.pdf": ("figure", lambda path: figure().savefig(path)),
    "a.html": ("page", lambda path: path.write_text(f"{outputs.GENERATOR} is the mark of a page of the course")),
    "empty.html": ("page", lambda path: path.write_bytes(b"")),
}


@pytest.mark.parametrize("name", OURS)
def test_what_the_course_wrote_may_be_replaced_by_its_kind_alone(name: str, tmp_path: Path) -> None:
    kind, write = OURS[name]
    path = tmp_path / name
    assert outputs.check({path: kind}) == []
    write(path)
    assert outputs.check({path: kind}) == [path]
    renamed = path.rename(tmp_path / "another name")
    kinds = {kind for kind, _ in OURS.values()}
    assert [each for each in kinds if outputs.is_ours(renamed, each)] == [kind]


@pytest.mark.parametrize("name", THEIRS)
def test_what_the_course_did_not_write_is_replaced_by_force_alone(name: str, tmp_path: Path) -> None:
    kind, write = THEIRS[name]
    path = tmp_path / name
    write(path)
    before = path.read_bytes()
    with pytest.raises(CourseError, match=rf"{name} is there already, .* --out, or replace it with --force"):
        outputs.check({tmp_path / "new folder" / "free": kind, path: kind})
    assert not (tmp_path / "new folder").exists()
    assert outputs.check({path: kind}, force=True) == [path]
    assert path.read_bytes() == before


def odd(folder: Path) -> dict[Path, str]:
    """Places for a file that are none, and what is said of them."""
    (folder / "folder").mkdir()
    (folder / "file").write_text("")
    (folder / "read").write_text("")
    (folder / "read").chmod(0o444)
    (folder / "dangling").symlink_to(folder / "none")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "link").symlink_to(folder / "file")
    os.mkfifo(folder / "fifo")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))
    return {
        folder / "folder": "is a folder",
        folder / "read": "is only to be read",
        folder / "dangling": "is a link to nothing",
        folder / "loop": "Too many levels of symbolic links",
        folder / "fifo": "is a device or a pipe",
        folder / "socket": "is a device or a pipe",
        Path("/dev/full"): "is a device or a pipe",
        folder / ("n" * 256): "File name too long",
        folder / "new" / ("n" * 256): "File name too long",
        folder / ("n" * 256) / "a": "File name too long",
        folder / "file" / "a": "Not a directory",
        folder / "file" / "a" / "b": "Not a directory",
        Path("/proc/none"): "No such file or directory",
        folder / "link": "is there already",
    }


def test_a_place_where_no_file_can_be_is_refused_in_one_line_that_names_it(tmp_path: Path) -> None:
    for path, why in odd(tmp_path).items():
        with pytest.raises((CourseError, OSError)) as refused:
            outputs.check({path: "page"})
        assert str(path) in str(refused.value)
        assert why in str(refused.value)
        assert "--out" in str(refused.value)
        assert "\n" not in str(refused.value)


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    save(figure(), tmp_path / "there" / "a.png")
    (tmp_path / "link.png").symlink_to(Path("there") / "a.png")
    before = (tmp_path / "there" / "a.png").read_bytes()
    assert outputs.check({tmp_path / "link.png": "figure"}) == [tmp_path / "link.png"]
    save(figure(), tmp_path / "link.png", dpi=50)
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "there" / "a.png").read_bytes() != before


def test_the_course_knows_its_own_claims() -> None:
    assert outputs.is_ours(Path(__file__).parents[2] / "docs" / "claims.json", "claims")
    assert outputs.is_ours(checkpoints.beside(checkpoints._SHIPPED / "lines64", ".json"), "record")


@pytest.mark.parametrize("name", ["a.xyz", "a.jpg"])
def test_a_format_that_is_unknown_is_refused(name: str) -> None:
    with pytest.raises(CourseError, match=r"expected \.png, \.svg, \.pdf"):
        check_format(Path(name))


def test_a_reader_s_own_file_beside_the_weights_is_kept(tmp_path: Path) -> None:
    from course.experiment import config_of, train_and_save

    config = config_of("lines64", "vae", {"hidden_dim": 2, "steps": 100_000_000})
    for name in ("digits.json", "digits.png", "digits.safetensors"):
        own = tmp_path / name
        own.write_text(json.dumps({"0": "zero"}))
        with pytest.raises(CourseError, match=f"{name} is there already"):
            train_and_save(config, tmp_path / "digits", "")
        assert json.loads(own.read_text()) == {"0": "zero"}
        own.unlink()
