"""A figure as a file that is whole or not there, and marked as the course's."""

from __future__ import annotations

from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from course import files, outputs
from course.errors import CourseError
from course.figures.signs import sign
from course.figures.style import Drawing
from course.palette import INK, PAPER, Theme

__all__ = ["check_format", "save", "save_drawing"]

_POINTS, _GAP = 72, 12  # in an inch; between panels


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


def save_drawing(drawing: Drawing, path: Path, theme: Theme) -> Path:
    """Writes one SVG with the panels side by side and their legend at the right, and returns the path."""
    parts, left, height = [], 0.0, 18.0 * len(drawing.legend)
    for panel in drawing.panels:
        content = BytesIO()
        panel.savefig(content, format="svg", metadata=outputs.PICTURES[".svg"])
        parts.append(f'<svg x="{left:g}" ' + content.getvalue().decode().partition("<svg ")[2])
        across, down = (float(side) * _POINTS for side in panel.get_size_inches())
        left, height = left + across + _GAP, max(height, down)
    for line, (words, artist) in enumerate(drawing.legend):
        parts.append(f'<g transform="translate({left:g} {18 * line + 4})">{sign(artist)}')
        text = f'<text x="28" y="11" font-size="11" font-family="sans-serif" fill="{INK[theme]}">'
        parts.append(f"{text}{escape(words)}</text></g>")
    width = left + max((40 + 7 * len(words) for words, _ in drawing.legend), default=-_GAP)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}pt">'
    ground = f'<rect width="100%" height="100%" fill="{PAPER[theme]}"/>'
    content_of_all = "\n".join(('<?xml version="1.0" encoding="utf-8"?>', head, ground, *parts, "</svg>\n"))
    files.write(path, content_of_all.encode())
    return path
