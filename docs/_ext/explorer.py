"""``.. explorer:: NAME``: a latent space to touch; without scripts, on paper and in a book, the figure of that name."""

import gzip
import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from course_sources import depend_on_course
from docutils import nodes
from docutils.parsers.rst import directives
from drawn import Drawn, named, unknown
from markup import html
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata, OptionSpec

_FOLDER = "_static/explorer"
_logger = logging.getLogger(__name__)


class Explorer(Drawn):
    """An explorer of the models in ``:models:``, with the parts in ``:show:``; the content is its caption.

    ``:more:`` names models whose images and weights are loaded when the reader asks for them; ``:background:`` is what
    the map has behind its points at first. One with a glimpse is the first thing of a page: its live stage has the size
    that the page has kept free for it, so the picture is only for who has no scripts.
    """

    option_spec: ClassVar[OptionSpec] = {
        "models": directives.unchanged,
        "show": directives.unchanged,
        "more": directives.unchanged,
        "id": directives.unchanged,
        "background": lambda word: directives.choice(word, ("none", "class", "grid", "both")),
    }

    def run(self) -> list[nodes.Node]:
        from course import figures
        from course.explorer import lessons
        from course.explorer import page as explorer_page

        name, shown = self.arguments[0], self.options.get("show", "map view sliders").split()
        models = self.options.get("models", "lines64-beta1").split()
        more = self.options.get("more", "").split()
        depend_on_course(self.env, "from course.explorer import lessons, page")
        if name not in figures.FIGURES:
            return unknown(self, "figure", sorted(figures.FIGURES))
        for known, given in ((lessons.SHOWN, models + more), ((*explorer_page.PARTS, explorer_page.GLIMPSE), shown)):
            if wrong := [word for word in given if word not in known]:
                message = "an explorer has no %r; there are: %s"
                _logger.warning(message, wrong[0], ", ".join(known), location=self.get_location(), type="explorer")
                return []
        staged = [n for n in models if lessons.SHOWN[n].staged and "training" in shown]
        drawn = [*models, *more] if "draw" in shown else []
        options = {"models": models, "show": shown, "more": _more(more), "stages": {n: _stages(n) for n in staged}}
        options["encoders"] = {n: _encoder(n) for n in drawn}
        self._remember(models, [*more, *(f"{n}-stages" for n in staged), *(f"{n}-encoder" for n in drawn)])
        if "background" in self.options:
            options["background"] = self.options["background"]
        is_first = explorer_page.GLIMPSE in shown
        pictures = list(self._pictures(name, *named(name)))
        first = next(image for picture in pictures for image in picture.findall(nodes.image))
        stills = html("noscript" if is_first else "div", *pictures, class_="explorer-still")
        figure = html(
            "figure",
            stills,
            html("figcaption", *self.parse_content_to_nodes()),
            id_=self.options.get("id", "explorer"),
            class_="explorer explorer-first" if is_first else "explorer",
            style=f"--still: {first['width']} / {first['height']}",
            data_explorer=json.dumps(options, ensure_ascii=False),
        )
        self.set_source_info(figure)
        return [figure]

    def _remember(self, models: list[str], later: list[str]) -> None:
        """What the page loads at once and what it may load later; sphinx forgets it with the page."""
        kept = json.loads(self.env.metadata[self.env.docname].get("explorer", "[[], []]"))
        both = [list(dict.fromkeys([*old, *new])) for old, new in zip(kept, (models, later), strict=True)]
        self.env.metadata[self.env.docname]["explorer"] = json.dumps(both)


class Look(SphinxRole):
    """``:look:`words <state>```: a link that sets the explorer of the page up as its address would."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        words, _, state = self.text.rpartition("<")
        if not words or not state.endswith(">"):
            _logger.warning("needs `words <state>`, got %r", self.text, location=self.get_location(), type="explorer")
            return [], []
        link = html("a", nodes.Text(words.strip()), href=f"#explorer?{state[:-1]}", class_="explorer-look")
        return [link], []


def _more(models: list[str]) -> list[dict[str, Any]]:
    """Models to be loaded, by their images."""
    from course.explorer import lessons

    by_data: dict[str, list[str]] = {}
    for name in models:
        by_data.setdefault(lessons.SHOWN[name].data, []).append(name)
    return [
        {
            "data": data,
            "title": lessons.data_title(data),
            "files": [f"{name}.js" for name in (data, *names)],
            "models": names,
            "kilobytes": sum(_kilobytes(name) for name in (data, *names)),
        }
        for data, names in by_data.items()
    ]


def _stages(name: str) -> dict[str, Any]:
    return {"file": f"{name}-stages.js", "kilobytes": _kilobytes(f"{name}-stages")}


def _encoder(name: str) -> dict[str, Any]:
    from course.explorer import page as explorer_page

    return {"files": [*explorer_page.SKETCHING, f"{name}-encoder.js"], "kilobytes": _kilobytes(f"{name}-encoder")}


@cache
def _script(name: str) -> bytes:
    """The script of this name: of a model, of its stages or encoder, or of a set of images."""
    from course.explorer import lessons

    if name.endswith("-stages"):
        return lessons.stages_script(name.removesuffix("-stages")).encode()
    if name.endswith("-encoder"):
        return lessons.encoder_script(name.removesuffix("-encoder")).encode()
    return (lessons.model_script(name) if name in lessons.SHOWN else lessons.data_script(name)).encode()


def _kilobytes(name: str) -> int:
    """As a server sends it."""
    return round(len(gzip.compress(_script(name))) / 1000)


def _bring(app: Sphinx, pagename: str, _template: str, _context: dict[str, Any], _doctree: nodes.document) -> None:
    """The scripts, on pages that have an explorer only."""
    kept = app.env.metadata[pagename].get("explorer") if pagename in app.env.metadata else None
    if not kept or app.builder.name != "html":
        return
    from course.explorer import lessons
    from course.explorer import page as explorer_page

    models, later = json.loads(kept)
    folder = Path(app.outdir, _FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / explorer_page.JOINED).write_text(explorer_page.joined(), encoding="utf-8")
    for file in (*explorer_page.SKETCHING, explorer_page.STYLE):
        (folder / file).parent.mkdir(exist_ok=True)
        shutil.copyfile(explorer_page.BROWSER / file, folder / file)
    data = list(dict.fromkeys(lessons.SHOWN[name].data for name in models))
    others = {lessons.SHOWN[name].data for name in later if name in lessons.SHOWN}
    for name in {*data, *others, *models, *later}:
        (folder / f"{name}.js").write_bytes(_script(name))
    app.add_css_file(f"explorer/{explorer_page.STYLE}")
    for file in (explorer_page.JOINED, *(f"{name}.js" for name in (*data, *models))):
        app.add_js_file(f"explorer/{file}", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("markup")
    app.add_directive("explorer", Explorer)
    app.add_role("look", Look())
    app.connect("html-page-context", _bring)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
