"""Loads the file that was handed over, finds the functions of its parts, and notes when one part calls another."""

from __future__ import annotations

import ast
import functools
import importlib
import linecache
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from autograder.engine.worker_process.error_report import Problem
from autograder.engine.worker_process.submitted_files import SubmittedFiles

__all__ = ["Loaded", "load"]


class Loaded:
    """A module that was executed, and the functions of the parts it should define."""

    def __init__(
        self,
        submitted: SubmittedFiles,
        module: ModuleType,
        tree: ast.Module,
        functions: Mapping[str, str],
        announce: Callable[[str], None],
    ) -> None:
        self.submitted = submitted
        self.module = module
        self._announce = announce
        self.called: set[str] = set()
        self.instances: dict[str, Any] = {}  # of the student's own classes, by name
        self.announced: set[str] = set()  # over one request, which may make the same call many times
        self.stand_ins: Mapping[str, Callable[..., Any]] = {}  # what is called instead of a function, while that is so
        self.leftover = {name: line for name in functions if (line := leftover_stub(tree, name))}
        self._originals: dict[str, Callable[..., Any]] = {}
        for name, number in functions.items():
            self._wrap(number, name)

    def function(self, name: str) -> Callable[..., Any] | None:
        """The student's own function, not the wrapper that notes its use."""
        return self._originals.get(name)

    def names(self) -> list[str]:
        """What the file offers, to guess a renamed function from."""
        found = []
        for name, value in vars(self.module).items():
            if getattr(value, "__module__", None) == self.module.__name__ and callable(value):
                found.append(name)
                if isinstance(value, type):
                    found += [f"{name}.{inner}" for inner, method in vars(value).items() if callable(method)]
        return [name for name in found if "__" not in name][:100]

    def _wrap(self, number: str, name: str) -> None:
        owner: Any = self.module
        *path, last = name.split(".")
        for step in path:
            owner = vars(owner).get(step)
            if not isinstance(owner, type):
                return
        original: Any = getattr(owner, last, None)
        if callable(original):
            self._originals[name] = original
        elif owner is self.module and last not in vars(owner):
            original = _absent(last)
        else:
            return
        called, announced, announce = self.called, self.announced, self._announce

        @functools.wraps(original)
        def noted(*args: Any, **kwargs: Any) -> Any:
            called.add(number)
            if number not in announced:
                announced.add(number)
                announce(number)  # at once: the call may never come back
            return self.stand_ins.get(name, original)(*args, **kwargs)

        setattr(owner, last, noted)


def _absent(name: str) -> Callable[..., Any]:
    """What calling a function that the file lacks does; so it is noted that another part needs it."""

    def missing(*_: Any, **__: Any) -> Any:
        raise NameError(f"name {name!r} is not defined", name=name)

    return missing


def load(submitted: SubmittedFiles, functions: Mapping[str, str], announce: Callable[[str], None]) -> Loaded:
    """Executes the file as a module of its own name. Raises Problem, SyntaxError, or whatever the file raises."""
    path = submitted.start
    source = _text(path.name, submitted.source)
    tree = ast.parse(source, filename=str(path))
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    linecache.cache[str(path)] = (len(source), None, source.splitlines(keepends=True), str(path))
    sys.path.insert(0, str(submitted.folder))
    importlib.invalidate_caches()
    sys.modules[module.__name__] = module
    exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)
    return Loaded(submitted, module, tree, functions, announce)


def _text(name: str, data: bytes) -> str:
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Problem(f"{name} is not UTF-8 text: see line {line}, and save the file as UTF-8") from None
    if "\0" in source:
        raise Problem(f"{name} is not a text file: it holds zero bytes")
    if not source.strip():
        raise Problem(f"{name} is empty: take a fresh copy of the starter")
    return source


def leftover_stub(tree: ast.Module, name: str) -> int:
    """The line where a starter's `raise NotImplementedError` still stands in a function that has other code; else 0."""
    body: list[ast.stmt] = tree.body
    for step in name.split("."):
        found = [n for n in body if isinstance(n, ast.ClassDef | ast.FunctionDef) and n.name == step]
        if not found:
            return 0
        body = found[-1].body
    real = [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    stubs = [s.lineno for s in real if isinstance(s, ast.Raise) and "NotImplementedError" in ast.unparse(s)]
    others = [s for s in real if not isinstance(s, ast.Raise | ast.Pass)]
    return stubs[0] if stubs and others else 0
