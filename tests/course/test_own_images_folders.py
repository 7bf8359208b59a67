"""What lies in a folder of pictures: classes, what is left out of them, odd names, and what changes meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from course import own_images
from course.errors import CourseError
from course.own_images import listing, picture
from tests.course.image_corpus import corpus
from tests.course.own_files import IDX, folder_of, four, idx


def said(place: Path) -> str:
    return "\n".join(own_images.read(place).words)


def test_what_is_left_out_is_said_with_its_number_and_first_name(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pets")
    (place / ".hidden").mkdir()
    (place / "__MACOSX").mkdir()
    (place / "cat" / "notes.txt").write_text("no picture")
    (place / "cat" / "a.heic").write_bytes(b"no form that is read")
    (place / "empty").mkdir()
    (place / "owl").mkdir()
    (place / "owl" / "0.heic").write_bytes(b"no form that is read")
    os.mkfifo(place / "dog" / "pipe.png")
    (place / "dog" / "lost.png").symlink_to(tmp_path / "nowhere.png")
    (place / "dog" / "self.png").symlink_to("self.png")
    assert (
        "left out: 2 hidden (.hidden, __MACOSX), 3 of another form (cat/a.heic, cat/notes.txt and 1 more), "
        "3 not a file (dog/lost.png, dog/pipe.png and 1 more), 2 without a picture (empty, owl)"
    ) in said(place)


def test_folders_in_a_class_belong_to_it_and_links_in_a_circle_end(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pets")
    folder_of(place / "cat", ("old", "young"), 2)
    (place / "cat" / "circle").symlink_to(place, target_is_directory=True)
    (place / "dog" / "cats").symlink_to(place / "cat", target_is_directory=True)
    own = own_images.read(place)
    labels = np.concatenate([own.train.labels, own.test.labels])
    assert np.bincount(labels).tolist() == [10, 16]
    assert "deeper down, and of the class of the first folder: 14 (cat/old/0.png" in said(place)
    assert "2 met before (cat/circle, dog/cats/circle)" in said(place)


def test_the_parts_of_a_set_are_no_classes(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "set" / "train")
    folder_of(tmp_path / "set" / "Test")
    with pytest.raises(CourseError, match="expected a subfolder for each class, got Test, train: name one of these"):
        own_images.read(tmp_path / "set")
    assert own_images.read(place).train.class_names == ("cat", "dog")


def test_more_classes_than_there_may_be_are_refused_before_a_picture_is_read(tmp_path: Path) -> None:
    for number in range(257):
        (tmp_path / "set" / str(number)).mkdir(parents=True)
        (tmp_path / "set" / str(number) / "0.png").write_bytes(b"no picture")
    with pytest.raises(CourseError, match="expected subfolders for 2 to 256 classes, got 257"):
        own_images.read(tmp_path / "set")


def test_odd_names_are_read_and_printed_in_one_line(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "-p\nets\x1b[31m", ("-cat\n", "d" * 200))
    long = place / "-cat\n" / f"{'x' * 250}.png"
    long.write_bytes((place / "-cat\n" / "0.png").read_bytes())
    own = own_images.read(place)
    assert own.title == "-p?ets?[31m"
    assert own.train.class_names == ("-cat?", "d" * 200)
    long.write_bytes(b"no picture")
    with pytest.raises(CourseError) as caught:
        own_images.read(place)
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).isprintable()
    assert "-cat?/xxxxx" in str(caught.value)
    files = idx(tmp_path / "four\nfiles", four())
    (files / IDX["images"]).write_bytes(b"")
    with pytest.raises(CourseError, match=r"/four\?files/train-images-idx3-ubyte: expected images of .*an empty file"):
        own_images.read(files)


def test_a_folder_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = folder_of(tmp_path / "pets")
    read = picture.read

    def meanwhile(path: Path) -> picture.Picture:
        (place / "dog" / "4.png").write_bytes(corpus()["grey.png"])
        return read(path)

    monkeypatch.setattr(picture, "read", meanwhile)
    with pytest.raises(CourseError, match="files that stay, got some that changed while they were read"):
        own_images.read(place)

    def gone(path: Path) -> picture.Picture:
        path.unlink()
        return read(path)

    monkeypatch.setattr(picture, "read", gone)
    with pytest.raises(CourseError, match=r"cannot be read: .*cat/0\.png \(it is gone\)"):
        own_images.read(place)


def test_neither_deep_folders_nor_very_many_files_are_walked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder_of(tmp_path / "pets")
    deep = place.joinpath("cat", *"abcdefghijklmnopqrst")
    folder_of(deep.parent, ("t",), 1)
    assert "left out: 1 too deep down (cat/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p)" in said(place)
    monkeypatch.setattr(listing, "_MOST", 20)
    with pytest.raises(CourseError, match="expected a folder of pictures, got one with more than 20 files and folders"):
        own_images.read(place)
