"""What a reader takes along from the site: all starters in one file, and the book. Both are made with the site."""

import subprocess
import sys
import zipfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

_logger = logging.getLogger(__name__)
_WORDS = """\
The starters of the course on latent spaces and VAEs.

They need the course's environment: install the course once, as the page "Install" of the site says, and activate it.
Then each of them runs where it lies and says what comes next:

    python latent_starter.py

The grader is called in the folder of the course, with the folder of these files:

    pytest autograder --submission PATH/TO/THESE/FILES

Or put them into the folder exercises/ of the course, where the grader looks by itself.
"""


def write_starters(solutions: Path, file: Path) -> None:
    """A zip of all starters and a few words; the same bytes each time."""
    from course.starters import generate

    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"README.txt": _WORDS, **generate(solutions)}.items():
            archive.writestr(zipfile.ZipInfo(f"latent-course-starters/{name}", (2026, 1, 1, 0, 0, 0)), text)


def _is_old(book: Path, doctrees: Path) -> bool:
    return not book.exists() or any(
        file.stat().st_mtime > book.stat().st_mtime for file in (*doctrees.rglob("*.doctree"), *_OWN.glob("*.py"))
    )


_OWN = Path(__file__).parent


def _make(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html" or not app.config.take_along:
        return
    write_starters(Path(app.srcdir, "../solutions"), Path(app.outdir, "starters.zip"))
    book = Path(app.outdir, f"{app.config.epub_basename}.epub")
    if _is_old(book, Path(app.doctreedir)):
        _make_book(app, book)


def _make_book(app: Sphinx, book: Path) -> None:
    """From the pages as they have been read, which takes seconds; the builder of the site is another one."""
    out = Path(app.doctreedir, "book")
    tags = [word for tag in ("student",) if app.tags.has(tag) for word in ("-t", tag)]
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", *tags, "-b", "epub", "-d", str(app.doctreedir)]
    made = subprocess.run([*command, str(app.srcdir), str(out)], capture_output=True, text=True, check=False)
    if made.returncode:
        _logger.warning("the book could not be made: %s", made.stderr, type="take_along")
        return
    book.write_bytes((out / book.name).read_bytes())


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("take_along", True, "", types=frozenset({bool}))
    app.connect("build-finished", _make)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
