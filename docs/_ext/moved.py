"""Old addresses keep working: a page that has moved leaves one that leads on, from a file and without a script too.

``moved_pages`` in ``conf.py`` names, for an old page, where it is now, and the sections of it that went to other pages.
"""

import json
import posixpath
from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>This page has moved</title>
<script>
const sections = {sections};
const section = decodeURIComponent(location.hash.slice(1));
location.replace((Object.hasOwn(sections, section) ? sections[section] : "{page}") + location.hash);
</script>
<noscript><meta http-equiv="refresh" content="0; url={page}"></noscript>
</head>
<body><main><h1>This page has moved</h1><ul>{links}</ul></main></body>
</html>
"""
_logger = logging.getLogger(__name__)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    for old, (new, sections) in app.config.moved_pages.items():
        targets = list(dict.fromkeys([new, *sections.values()]))
        for page in targets:
            if page not in app.env.all_docs:
                _logger.warning("%s has moved to %s, which there is not", old, page, type="moved")
        if old in app.env.all_docs:
            _logger.warning("%s has moved and is still there", old, type="moved")
            continue
        here = {page: _from(old, page) for page in targets if page in app.env.all_docs}
        titles = {page: app.env.titles[page].astext() for page in here}
        links = "".join(f'<li><a href="{url}">{escape(titles[page])}</a></li>' for page, url in here.items())
        elsewhere = json.dumps({section: _from(old, page) for section, page in sections.items()})
        file = Path(app.outdir, f"{old}.html")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_PAGE.format(sections=elsewhere, page=_from(old, new), links=links), encoding="utf-8")


def _from(old: str, page: str) -> str:
    return posixpath.relpath(f"{page}.html", posixpath.dirname(old) or ".")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("moved_pages", {}, "", types=frozenset({dict}))
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
