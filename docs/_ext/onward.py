"""Where a lesson leads: previous and next are lessons, not notebooks, and each lesson ends with a look at the next one.

There, too, stands the place for the words of finish.js when all parts and questions of a lesson are done.
"""

import posixpath
from fnmatch import fnmatch
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_LESSON = "lessons/*/lesson"


def lessons(app: Sphinx) -> list[str]:
    """The pages of the lessons in the order of the table of contents."""
    listed = app.env.toctree_includes.get(app.config.root_doc, [])
    return [page for page in listed if fnmatch(page, _LESSON)]


def _lead_on(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    order = lessons(app)
    lesson = posixpath.join(posixpath.dirname(page), "lesson")
    if lesson not in order or app.builder.name == "epub":
        return
    place = order.index(lesson)
    following = order[place + 1] if place + 1 < len(order) else ""
    if page != lesson:
        context["prev"] = _neighbour(app, page, lesson)
    elif place:
        context["prev"] = _neighbour(app, page, order[place - 1])
    if following:
        context["next"] = _neighbour(app, page, following)
    if page == lesson:
        preview = _preview(app, page, following) if following else ""
        context["body"] += f'<div class="finish" data-lesson="{page}" role="status"></div>\n{preview}'


def _neighbour(app: Sphinx, page: str, other: str) -> dict[str, str]:
    title = escape(app.env.titles[other].astext())
    return {"link": app.builder.get_relative_uri(page, other), "title": title}


def _preview(app: Sphinx, page: str, lesson: str) -> str:
    """A link to the next lesson with its picture and what one can do after it."""
    neighbour = _neighbour(app, page, lesson)
    fields = next(iter(app.env.get_doctree(lesson).findall(nodes.field_list)), nodes.field_list())
    after = {field[0].astext(): " ".join(field[1].astext().split()) for field in fields.findall(nodes.field)}.get(
        "After"
    )
    words = f"After it {escape(after)}." if after else ""
    return (
        f'<a class="next-lesson" href="{neighbour["link"]}">{_picture(app, page, lesson)}<span>'
        f"<small>Next lesson</small> <strong>{neighbour['title']}</strong> <span>{words}</span></span></a>\n"
    )


def _picture(app: Sphinx, page: str, lesson: str) -> str:
    """The lesson's small picture from the first page, for both themes; it says nothing that the words do not."""
    name, to_root = f"sign_{lesson.split('/')[1]}", posixpath.relpath(".", posixpath.dirname(page))
    images = []
    for theme in ("light", "dark"):
        file = f"{name}-{theme}.svg"
        if Path(app.srcdir, "_drawn", file).exists():
            source = f"{to_root}/_images/{file}"
            images.append(f'<img class="only-{theme}" src="{source}" alt="" loading="lazy" width="192" height="128">')
    return "".join(images)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", _lead_on, priority=450)  # cards.py comes after it
    app.add_css_file("onward.css")
    app.add_js_file("progress.js", loading_method="defer", priority=400)
    app.add_js_file("finish.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
