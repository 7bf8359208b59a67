"""Where readers' own images can come from: an .npz file, the four files of MNIST's form, a folder of pictures.

Each becomes the same arrays, as they are; what they must be, `checks` says.
"""

from __future__ import annotations

import os
from pathlib import Path

from course.errors import CourseError
from course.own_images import listing, mnist, npz, pictures
from course.own_images.arrays import Arrays
from course.own_images.naming import shown

__all__ = ["Stamp", "load", "stamp"]

Stamp = tuple[tuple[str, int, int], ...]


def load(path: Path) -> Arrays:
    """The arrays of an .npz file, of a folder with MNIST's four files, or of one with pictures.

    Raises ValueError, FileNotFoundError or PermissionError, with what was expected there.
    """
    if path.is_dir():
        four = any(mnist.is_file_of(place.name) and place.is_file() for place in path.iterdir())
        return mnist.read(path) if four else pictures.read(path)
    if not os.path.lexists(path):
        raise FileNotFoundError(f"{shown(path)}: expected a folder or an .npz file, got nothing of this name")
    if path.suffix.lower() == ".npz" and path.is_file():
        return npz.read(path)
    raise CourseError(f"expected a folder or an .npz file, got {_described(path)}")


def stamp(path: Path) -> Stamp:
    """Name, size and time of each file there: as long as it stays, so do the images."""
    found = []
    for place in [path, *listing.everything(listing.look(path, pictures.ENDINGS))] if path.is_dir() else [path]:
        try:
            status = place.stat() if place.exists() else place.lstat()
        except FileNotFoundError:  # it has gone since it was listed
            continue
        found.append((os.fspath(place), status.st_size, status.st_mtime_ns))
    return tuple(sorted(found))


def _described(path: Path) -> str:
    """What lies there in place of images, and what to do with it."""
    if not path.is_file():
        return "what is neither: a pipe, a socket or a device. Name the file itself"
    if mnist.is_file_of(path.name):
        return f"one of the four files of MNIST's form: name the folder in which they lie, {shown(path.parent)}"
    if path.suffix.lower() in pictures.ENDINGS:
        return f"one picture: name the folder in which they lie, {shown(path.parent)}"
    if path.suffix.lower() == ".npy":
        return "a single array: write np.savez_compressed(path, images=np.load('images.npy'))"
    return f"a file of another name: write {npz.AGAIN}"
