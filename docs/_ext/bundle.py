"""One script and one stylesheet a page: what theme and extensions register, joined in the order of registration.

The files themselves stay as they are, each readable alone. The explorer's scripts stay apart: only some pages have one,
and each shows other models. All scripts run deferred, in their order.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html._assets import _CascadingStyleSheet, _JavaScript
from sphinx.util.typing import ExtensionMetadata

_STATIC = "_static/"
_APART = ("_static/explorer/",)
_NEEDLESS = "_static/sphinx_highlight.js"  # the search marks its words in its own list
_ADDRESS = re.compile(r"""url\((["']?)(?!data:|https?:|[#/])([^)"']+)\1\)""")
_HEAD = re.compile(r"/\* joined from: (.*) \*/\n")


def joined(out: Path, names: Iterable[str]) -> str:
    """The text of these files of the site as one, with the addresses in stylesheets as seen from ``_static``."""
    names = list(names)
    texts = [f"/* joined from: {' '.join(names)} */"]
    for name in names:
        text = (out / name).read_text(encoding="utf-8").rstrip()
        folder = name.removeprefix(_STATIC).rpartition("/")[0]
        if name.endswith(".css") and folder:
            text = _ADDRESS.sub(rf"url({folder}/\2)", text)
        texts.append(text + ("\n;" if name.endswith(".js") else ""))  # a script may leave out its last semicolon
    return "\n".join(texts) + "\n"


def _join(app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    if app.builder.name != "html":
        return
    scripts = sorted(context["script_files"], key=lambda script: script.priority)
    styles = sorted(context["css_files"], key=lambda style: style.priority)
    ours = [script for script in scripts if _is_ours(app, script) and not str(script.filename).startswith(_APART)]
    script = _JavaScript(_write(app, "js", ours), priority=0, defer="defer")
    rest = [script for script in scripts if script not in ours and str(script.filename) != _NEEDLESS]
    context["script_files"] = [script, *rest]
    style = _CascadingStyleSheet(_write(app, "css", [style for style in styles if _is_ours(app, style)]), priority=0)
    context["css_files"] = [style, *(style for style in styles if not _is_ours(app, style))]


def _is_ours(app: Sphinx, file: Any) -> bool:
    name = str(file.filename or "")
    return name.startswith(_STATIC) and name != _NEEDLESS and Path(app.outdir, name).is_file()


def _write(app: Sphinx, kind: str, files: Iterable[Any]) -> str:
    """Join the files under a name that says which they are; pages that need the same share it."""
    names = list(dict.fromkeys(str(file.filename) for file in files))
    name = f"{_STATIC}joined-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:8]}.{kind}"
    Path(app.outdir, name).write_text(joined(Path(app.outdir), names), encoding="utf-8")
    return name


def _again(app: Sphinx, exception: Exception | None) -> None:
    """A file that has changed reaches the pages that were not written in this build, too."""
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    for file in (out / _STATIC).glob("joined-*"):
        head = _HEAD.match(file.read_text(encoding="utf-8"))
        names = head[1].split() if head else []
        if all((out / name).is_file() for name in names):
            file.write_text(joined(out, names), encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", _join, priority=900)
    app.connect("build-finished", _again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
