"""Which files of the course a piece of code comes from: the modules that it imports, and those that they import."""

import ast
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from sphinx.environment import BuildEnvironment

import course


def depend_on_course(env: BuildEnvironment, code: str) -> None:
    """Read the document again when the code or the weights change that this code, of its picture, works with."""
    for source in sources(code):
        env.note_dependency(source)


def sources(code: str) -> list[Path]:
    """The course's modules behind the imports of this code, as deep as they go, and the weights."""
    found: set[Path] = set()
    waiting = list(_imported(code))
    while waiting:
        if (module := waiting.pop()) not in found:
            found.add(module)
            waiting += _imports_of(module, module.stat().st_mtime_ns)
    return [*sorted(found), *sorted(Path(course.__file__).parent.glob("weights/*"))]


def digest(code: str, *others: Path) -> str:
    """What says whether a picture that this code draws has to be drawn again: of the sources and of other files."""
    content = sha256(code.encode())
    for file in (*sources(code), *others):
        content.update(sha256(file.read_bytes()).digest())
    return content.hexdigest()


@cache
def _imports_of(module: Path, _changed: int) -> list[Path]:
    return list(_imported(module.read_text(encoding="utf-8")))


def _imported(code: str) -> Iterator[Path]:
    """The files of the course's modules that this code names; a package counts where something is taken from itself."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            places = [[alias.name] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            places = [[f"{node.module}.{alias.name}", node.module] for alias in node.names]
        else:
            continue
        for names in places:
            yield from [file for name in names if (file := _file_of(name))][:1]


def _file_of(name: str) -> Path | None:
    package, _, inner = name.partition(".")
    if package != "course":
        return None
    module = Path(course.__file__).parent.joinpath(*inner.split("."))
    return next((file for file in (module.with_suffix(".py"), module / "__init__.py") if file.is_file()), None)
