"""Each line of code is an element of its own, so that a long one wraps on a phone and goes on indented."""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_BLOCK = re.compile(r'(?<=<div class="highlight"><pre>)(.+?)(?=</pre>)', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def in_lines(code: str) -> str:
    """Highlighted code with an element around each line; its text stays the same, as it is copied."""
    lines = code.splitlines(keepends=True)
    if any(line.count("<span") != line.count("</span>") for line in lines):
        return code  # something is marked over several lines
    return "".join(map(_line, lines))


def _line(line: str) -> str:
    text = _TAG.sub("", line)
    indent = len(text) - len(text.lstrip(" "))
    style = f' style="--indent:{indent}"' if indent else ""
    return f'<span class="line"{style}>{line}</span>'


def _wrap(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    if "body" in context:
        context["body"] = _BLOCK.sub(lambda block: in_lines(block[0]), context["body"])


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", _wrap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
