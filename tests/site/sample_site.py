"""A sample site that uses every directive, and a course whose figures are drawn in no time."""

import io
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from warnings import catch_warnings, filterwarnings

import numpy as np
import pytest
from sphinx.deprecation import RemovedInSphinx11Warning
from sphinx.util.console import strip_colors

import course

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"


def _draw(_name: str, theme: str) -> SimpleNamespace:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 2))
    figure.add_subplot().plot([0, 1], color="black" if theme == "light" else "white")
    return SimpleNamespace(figure=figure, alt="Two squares, one beside the other.")


def _animate(_name: str) -> SimpleNamespace:
    frames = np.linspace(0, 255, 20, dtype=np.uint8)[:, None, None] * np.ones((1, 16, 16), dtype=np.uint8)
    labels = [f"dark → bright, {number} of 20" for number in range(1, 21)]
    alt = "A grey square that gets brighter."
    return SimpleNamespace(frames=frames, fps=10, alt=alt, labels=labels, dark=None, coloured=False)


_draw.__module__ = _animate.__module__ = "course.figures"  # where the pages look for what they depend on


@contextmanager
def fake_figures(home: Path) -> Iterator[ModuleType]:
    """Put a tiny ``course.figures`` in the place of the real one, and the sources of the course in ``home``."""
    figures = ModuleType("course.figures")
    if not home.exists():
        (home / "weights").mkdir(parents=True)
        (home / "figures.py").touch()
    figures.__dict__.update(FIGURES={"squares": _draw}, draw=_draw, ANIMATIONS={"walk": _animate}, animate=_animate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "course.figures", figures)
        patch.setattr(course, "figures", figures, raising=False)
        patch.setattr(course, "__file__", str(home / "__init__.py"))
        yield figures


SETTINGS = {
    "nbsphinx_execute": "never",
    "parts_folder": "parts",
    "bibtex_bibfiles": [],
    "mistakes_folder": "parts",
    "code_root": ".",
    "moved_pages": {},
    "take_along": False,
    "signatures": {},
    "term_pages": "*",
}


@dataclass
class Site:
    """A source folder and what building it gave."""

    source: Path
    read: list[str] = field(default_factory=list)
    warnings: str = ""

    @property
    def out(self) -> Path:
        return self.source / "build"

    def page(self, name: str = "index") -> str:
        return (self.out / f"{name}.html").read_text(encoding="utf-8")

    def build(self, builder: str = "html") -> "Site":
        """Build with the configuration of the real site; ``read`` then names the documents that were read."""
        from sphinx.application import Sphinx
        from sphinx.util.docutils import docutils_namespace, patch_docutils

        messages = io.StringIO()
        folders = (self.source, DOCS, self.out, self.out / ".doctrees")
        with ExitStack() as stack:
            stack.enter_context(catch_warnings())
            filterwarnings("ignore", message="'nbsphinx", category=RemovedInSphinx11Warning)
            stack.enter_context(patch_docutils(DOCS))
            stack.enter_context(docutils_namespace())
            stack.enter_context(fake_figures(self.source / "course"))
            app = Sphinx(*folders, builder, SETTINGS, status=None, warning=messages)
            self.read = []
            app.connect("source-read", lambda _app, docname, _content: self.read.append(docname))
            app.build()
        self.warnings = strip_colors(messages.getvalue())
        return self
