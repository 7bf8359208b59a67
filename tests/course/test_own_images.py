"""Readers' own images: they come back as they are, are parted fairly, and every command takes them."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image

from course import checkpoints, datasets, own_images, runs
from course.cli import main
from course.explorer import contents, readers
from course.run_config import RunConfig
from tests.course.own_files import GENERATOR, IMAGES, LABELS, folder_of, four, idx, npz

PLENTY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BRIEF = ("--steps", "4", "--hidden-dim", "8")


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(tmp_path / "runs"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "runs"


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def train(data: Path | str, *options: str) -> Result:
    latent = () if "classifier" in options else ("--latent-dim", "2")
    return invoke("train", "--data", str(data), *BRIEF, *latent, *options)


def rows(images: NDArray[Any]) -> list[bytes]:
    return sorted(np.ascontiguousarray(image).tobytes() for image in images)


@st.composite
def sets(draw: st.DrawFn) -> dict[str, NDArray[Any]]:
    """Images of bytes with labels, of any square size, which reach from black to white."""
    side, count = draw(st.integers(2, 64)), draw(st.integers(4, 24))
    images = draw(arrays.arrays(np.uint8, (count, side, side), elements=st.integers(0, 255), fill=st.integers(0, 255)))
    images[:, 0, 0], images[:, -1, -1] = 255, 0  # something can be seen in each
    labels = draw(arrays.arrays(np.uint8, (count,), elements=st.integers(0, 9)))
    labels[:2] = 0, 9
    return {"images": images, "labels": labels}


@PLENTY
@given(sets(), sets(), st.booleans())
def test_the_four_files_of_mnist_come_back_as_they_were(
    tmp_path: Path, train: dict[str, NDArray[Any]], test: dict[str, NDArray[Any]], packed: bool
) -> None:
    side = train["images"].shape[1]
    other = np.resize(test["images"], (len(test["images"]), side, side))
    other[:, 0, 0], other[:, -1, -1] = 255, 0
    known = np.where(np.isin(test["labels"], train["labels"]), test["labels"], 0).astype(np.uint8)
    folder = tmp_path / "files"
    shutil.rmtree(folder, ignore_errors=True)
    own = own_images.read(idx(folder, {**train, "test_images": other, "test_labels": known}, packed))
    np.testing.assert_array_equal(own.train.images, (train["images"] / 255.0).astype(np.float32).reshape(-1, side**2))
    assert rows(own.test.images) == rows((other / 255.0).astype(np.float32))
    names = np.array(own.train.class_names)
    np.testing.assert_array_equal(names[own.train.labels], train["labels"].astype(str))
    assert sorted(names[own.test.labels]) == sorted(known.astype(str))
    assert own.train.images.dtype == np.float32
    assert own.train.labels.dtype == np.int64


@PLENTY
@given(sets(), st.booleans(), st.booleans(), st.sampled_from([np.uint8, np.float32, np.float64]))
def test_an_npz_gives_back_all_images_each_once_whatever_its_form(
    tmp_path: Path, whole: dict[str, NDArray[Any]], flat: bool, packed: bool, kind: type[Any]
) -> None:
    images, labels = whole["images"], whole["labels"]
    given_images = images if kind is np.uint8 else (images / 255.0).astype(kind)
    write = np.savez_compressed if packed else np.savez
    write(tmp_path / "a.npz", images=given_images.reshape(len(images), -1) if flat else given_images, labels=labels)
    own = own_images.read(tmp_path / "a.npz")
    assert len(own.test) == max(2, round(len(images) / 10))
    together = np.concatenate([own.train.images, own.test.images])
    assert rows(together) == rows((images / 255.0).astype(np.float32).reshape(len(images), -1))
    assert own.checksum == own_images.read(npz(tmp_path / "b.npz", images=images, labels=labels)).checksum
    names = np.array(own.train.class_names)
    by_image: dict[bytes, set[str]] = {image.tobytes(): set() for image in together}
    for image, label in zip(together, names[np.concatenate([own.train.labels, own.test.labels])], strict=True):
        by_image[image.tobytes()].add(str(label))
    for image, label in zip((images / 255.0).astype(np.float32), labels, strict=True):
        assert str(label) in by_image[image.tobytes()]


@PLENTY
@given(st.lists(st.integers(2, 80), min_size=2, max_size=8))
def test_one_share_rounded_is_held_out_of_every_class(tmp_path: Path, counts: list[int]) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    images = GENERATOR.integers(0, 256, (len(labels), 3, 3), np.uint8)
    own = own_images.read(npz(tmp_path / "a.npz", images=images, labels=labels))
    held = np.bincount(own.test.labels, minlength=len(counts))
    least, most = (held - 0.5) / counts, (held + 0.5) / counts  # the shares that would be rounded to this
    assert least.max() <= most.min() + 1e-9
    assert len(own.test) == max(2, round(len(labels) / 10))


def test_what_is_judged_first_is_of_all_classes_though_the_file_is_sorted(tmp_path: Path) -> None:
    labels = np.repeat(np.arange(5), 100)
    images = GENERATOR.integers(0, 256, (500, 3, 3), np.uint8)
    sorted_file = npz(tmp_path / "a.npz", images=images, labels=labels, test_images=images, test_labels=labels)
    for rows_of in (slice(0, 50), slice(200, 250)):
        counts = np.bincount(own_images.read(sorted_file).test.labels[rows_of], minlength=5)
        assert counts.min() >= 8


def test_classes_are_named_by_number_or_by_name(tmp_path: Path) -> None:
    letters = own_images.read(npz(tmp_path / "a.npz", images=IMAGES, labels=LABELS + 1))  # EMNIST counts from 1
    assert letters.train.class_names == ("1", "2", "3")
    assert set(letters.train.labels.tolist()) == {0, 1, 2}
    names = np.array(["cat", "dog", "owl", "none"])
    named = own_images.read(npz(tmp_path / "b.npz", images=IMAGES, labels=LABELS, class_names=names))
    assert named.train.class_names == tuple(names)
    assert datasets.source(str(tmp_path / "b.npz")).class_names == tuple(names)


def test_every_model_learns_own_images_is_drawn_listed_and_compared(tmp_path: Path) -> None:
    own = npz(tmp_path / "a b.npz", images=IMAGES, labels=LABELS)
    for model in ("ae", "vae", "cvae", "branched", "classifier"):
        result = train(own, "--model", model)
        assert result.exit_code == 0, result.output
        assert result.output.splitlines()[:2] == [
            "a b: 54 images of 5 x 5 to learn, 6 to judge on, 3 classes",
            "no test part: 6 images, a tenth, are held out to judge on, the same each time",
        ]
        assert Path(f"a b-{model}.png").exists() == (model != "classifier")
    record = checkpoints.read_record("a b-vae")
    assert record["command"].startswith(f"latent-course train --data '{own}' --model vae --")
    assert record["path"] == str(own)
    listed = invoke("runs", "-w", f"data={own}").output.splitlines()
    assert [line.split()[1] for line in listed[1:]] == ["ae", "branched", "classifier", "cvae", "vae"]
    assert len(invoke("runs", "-w", f"data={record['data']}").output.splitlines()) == 6
    names = [run.name for run in runs.find(tmp_path / "runs", data=record["data"]) if "VAE" in run.parameters["kind"]]
    compared = invoke("runs", "compare", *names)
    assert compared.exit_code == 0, compared.output
    assert "different images" not in compared.output
    table = {line.split()[0]: line.split()[1:] for line in compared.output.splitlines()[1:]}
    assert float(table["negative_elbo"][2]) == pytest.approx(record["quality"]["negative_elbo"], abs=1e-3)


def test_a_sweep_runs_on_own_images(tmp_path: Path) -> None:
    own = npz(tmp_path / "mine.npz", images=IMAGES)
    result = invoke("sweep", "--data", str(own), "--beta", "1,4", "--latent-dim", "2", "--steps", "3")
    assert result.exit_code == 0, result.output
    assert "no labels" in result.output
    assert "negative_elbo" in result.output
    assert Path("sweep-mine.png").exists()
    kept = runs.find(tmp_path / "runs", data=datasets.source(str(own)).name)
    assert [run.record["path"] for run in kept] == [str(own)] * 2


@pytest.mark.parametrize("model", ["cvae", "branched", "classifier"])
def test_images_without_labels_are_refused_by_models_that_need_them(model: str, tmp_path: Path) -> None:
    result = train(npz(tmp_path / "mine.npz", images=IMAGES), "--model", model)
    assert result.exit_code == 1
    assert "learns from labels, and mine has none: train ae or vae, or add labels" in result.output
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("model", ["ae", "vae"])
def test_images_without_labels_do_for_the_others(model: str, tmp_path: Path) -> None:
    result = train(npz(tmp_path / "mine.npz", images=IMAGES), "--model", model)
    assert result.exit_code == 0, result.output
    assert "no labels" in result.output
    assert Path(f"mine-{model}.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_images_elsewhere_are_the_same_run_and_others_another(tmp_path: Path) -> None:
    first = npz(tmp_path / "one.npz", images=IMAGES, labels=LABELS)
    assert "Found" not in train(first).output
    (tmp_path / "other").mkdir()
    moved = first.rename(tmp_path / "other" / "two.npz")
    found = train(moved)
    assert "Found in the run store" in found.output
    [kept] = runs.find(tmp_path / "runs", data=datasets.source(str(moved)).name)
    assert kept.record["path"] == str(moved)  # where they lie now
    changed = IMAGES.copy()
    changed[3, 1, 1] ^= 1
    npz(moved, images=changed, labels=LABELS)
    assert "Found" not in train(moved).output
    npz(moved, images=IMAGES, labels=(LABELS + 1) % 3)
    assert "Found" not in train(moved).output
    assert len([run for run in runs.find(tmp_path / "runs") if not run.shipped]) == 3


def test_a_folder_of_files_and_an_npz_of_the_same_images_are_the_same_run(tmp_path: Path) -> None:
    content = four()
    folder, file = idx(tmp_path / "files", content, packed=True), npz(tmp_path / "a.npz", **content)
    plans = [RunConfig.of(str(place)) for place in (folder, file)]
    assert plans[0].name == plans[1].name
    assert plans[0].record["path"] != plans[1].record["path"]


def test_runs_whose_images_are_gone_or_changed_say_where_they_lay(tmp_path: Path) -> None:
    own = npz(tmp_path / "mine.npz", images=IMAGES)
    assert train(own).exit_code == 0
    [run] = [run for run in runs.find(tmp_path / "runs") if not run.shipped]
    npz(own, images=255 - IMAGES)
    for command in (("runs", "compare", run.name), ("explore", run.name, "--no-open")):
        result = invoke(*command)
        assert result.exit_code == 1
        assert f"expected the images {run.record['data']} in {own}, but others lie there now (own-" in result.output
    own.rename(tmp_path / "away.npz")
    gone = invoke("explore", "mine-vae.safetensors", "--no-open")
    assert "but they are gone. If they lie elsewhere" in gone.output
    assert not Path("explorer.html").exists()
    assert invoke("explore", "mine-vae.safetensors", "--no-open", "--data", str(tmp_path / "away.npz")).exit_code == 0


def test_the_explorer_shows_a_few_of_each_class_and_names_no_place(tmp_path: Path) -> None:
    labels = np.repeat(np.arange(12), 60)
    images = GENERATOR.integers(0, 256, (720, 6, 6), np.uint8)
    own = npz(tmp_path / "mine.npz", images=images, labels=labels)
    assert train(own, "--model", "cvae").exit_code == 0
    result = invoke("explore", "mine-cvae.safetensors", "--no-open")
    assert result.exit_code == 0, result.output
    page = Path("explorer.html").read_text(encoding="utf-8")
    assert str(tmp_path) not in page.replace(str(Path("mine-cvae.safetensors")), "")
    payload = contents.data_payload(str(own))
    assert (payload["title"], payload["side"], payload["exact"], len(payload["markers"])) == ("mine", 6, False, 12)
    assert payload["count"] == 72
    assert json.dumps(payload["classes"]) in page
    assert readers.find("mine-cvae.safetensors").images(None) == str(own)


def test_own_images_are_read_again_only_when_a_file_has_changed(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pets")
    first = own_images.read(place)
    assert own_images.read(place) is first
    Image.new("L", (28, 28), 9).save(place / "cat" / "new.png")
    assert len(own_images.read(place).train) + len(own_images.read(place).test) == 13


def test_a_name_of_the_course_comes_before_a_folder(tmp_path: Path) -> None:
    folder_of(Path("lines64"))
    assert datasets.source("lines64").path is None
    assert datasets.source("./lines64").class_names == ("cat", "dog")
    assert datasets.source(str(tmp_path / "here" / "lines64")).name == datasets.source("./lines64").name


def test_the_recipe_of_the_page_makes_images_that_every_command_there_takes() -> None:
    page = (Path(__file__).parents[2] / "docs/own_images.rst").read_text(encoding="utf-8")
    section = page.split("In three steps\n")[1].split("\nPictures, ")[0]
    recipe, *rest = (textwrap.dedent(block) for block in re.findall(r"(?m)((?:^      (?! *:).*\n)+)", section))
    assert len(recipe.splitlines()) == 3
    exec(recipe, {})
    for line in "".join(rest).splitlines():
        words = [*line.removeprefix("$ latent-course ").split()]
        brief = {"train": BRIEF, "explore": ("--no-open",)}.get(words[0], ())
        result = invoke(*words, *brief)
        assert result.exit_code == 0, result.output
    assert datasets.source("digits.npz").words[0].startswith("digits: 1617 images of 8 x 8 to learn, 180 to judge on")
