"""What lies in a folder of pictures: the pictures, by class, and what is left out and why."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from course.errors import CourseError

__all__ = ["Listing", "everything", "look"]

_MOST = 1_000_000
_DEEPEST = 16
_HIDDEN, _OTHER, _PIPE = "hidden", "of another form", "not a file"
_EMPTY, _SEEN, _DEEP = "without a picture", "met before", "too deep down"


@dataclass
class Listing:
    """Pictures that lie in `folder` itself, those in each subfolder and below it, and what is left out, by reason."""

    folder: Path
    endings: Collection[str]
    flat: list[Path] = field(default_factory=list)
    classes: dict[Path, list[Path]] = field(default_factory=dict)
    left_out: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0

    def sort(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """Pictures and folders in a folder, in the order of their names; what else is there is left out."""
        files, folders = [], []
        with os.scandir(folder) as entries:
            for entry in entries:
                self.count += 1
                if self.count > _MOST:
                    raise CourseError(
                        f"expected a folder of pictures, got one with more than {_MOST:,} files and folders. Name the "
                        "one in which the pictures lie"
                    )
                path = folder / entry.name
                if entry.name.startswith(".") or entry.name == "__MACOSX":
                    self.left_out[_HIDDEN].append(path)
                elif path.is_dir():
                    folders.append(path)
                elif not path.is_file():  # a pipe would be waited for, a link may lead nowhere
                    self.left_out[_PIPE].append(path)
                elif path.suffix.lower() in self.endings:
                    files.append(path)
                else:
                    self.left_out[_OTHER].append(path)
        return sorted(files, key=os.fsencode), sorted(folders, key=os.fsencode)

    def below(self, top: Path) -> list[Path]:
        """The pictures in a folder and in those below it, each folder once: links may lead in a circle."""
        found, seen, ahead = [], {_identity(self.folder)}, [(top, 1)]
        while ahead:
            place, depth = ahead.pop()
            if (known := _identity(place)) in seen or depth > _DEEPEST:
                self.left_out[_DEEP if known not in seen else _SEEN].append(place)
                continue
            seen.add(known)
            files, folders = self.sort(place)
            found += files
            ahead += [(folder, depth + 1) for folder in reversed(folders)]
        return found


def look(folder: Path, endings: Collection[str]) -> Listing:
    """What lies in a folder; a picture is a file with one of the endings. Raises OSError and CourseError."""
    listing = Listing(folder, endings)
    listing.flat, folders = listing.sort(folder)
    for place in folders:
        if found := listing.below(place):
            listing.classes[place] = found
        else:
            listing.left_out[_EMPTY].append(place)
    return listing


def everything(listing: Listing) -> Iterator[Path]:
    """Every file of a listing, and every folder that holds pictures."""
    for paths in (listing.flat, listing.classes, *listing.classes.values(), *listing.left_out.values()):
        yield from paths


def _identity(place: Path) -> tuple[int, int]:
    status = place.stat()
    return status.st_dev, status.st_ino
