"""A figure as a file that is whole or not there, and marked as the course's."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from course import files, outputs
from course.errors import CourseError

__all__ = ["check_format", "save"]


def check_format(path: Path) -> str:
    """The format that a path's ending asks for, PNG where there is none. Raises CourseError for one that is unknown."""
    ending = path.suffix.lower() or ".png"
    if ending not in outputs.PICTURES:
        raise CourseError(f"{path} is no name of a picture: expected {', '.join(outputs.PICTURES)}, got {path.suffix}")
    return ending


def save(figure: Figure, path: Path, **options: Any) -> Path:
    """Writes the figure, in the format of the path's ending, and returns the path; `options` are those of `savefig`."""
    ending, picture = check_format(path), BytesIO()
    figure.savefig(picture, format=ending[1:], metadata=outputs.PICTURES[ending], **options)
    files.write(path, picture.getvalue())
    return path
