"""What every test and every program that a test starts may rely on.

One thread for torch, so that plain `pytest` costs what `make test` costs. A time limit for each test. And signals as in
a terminal: whoever starts the tests with nohup or in the background has turned some of them off, and a program hands
that on to all that it starts. Where what the tests need is not installed, they say so once.
"""

import os
import signal
from importlib.util import find_spec
from typing import Any

import pytest

os.environ["OMP_NUM_THREADS"] = "1"  # before anything imports torch
LIMIT = 900  # seconds; the slowest build the site, which takes a third of that


def _stay(*_: object) -> None:
    """Ignores a signal here; other than SIG_IGN, it is not handed on to programs that are started."""


_USUAL: dict[int, Any] = {signal.SIGINT: signal.default_int_handler, getattr(signal, "SIGCHLD", 0): signal.SIG_DFL}

for _number in signal.valid_signals() - {signal.SIGPIPE, getattr(signal, "SIGXFSZ", 0)}:  # which Python itself ignores
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _USUAL.get(_number, _stay))


def pytest_configure() -> None:
    needed = ("torch", "sphinx", "hypothesis", "pytest_timeout", "playwright", "axe_playwright_python")
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise pytest.UsageError(
            f"expected what the course's own tests need, got no {', '.join(missing)}: call `python -m pip install -c "
            'constraints.txt -e ".[test]"` first. To check your exercises, call `pytest autograder`'
        )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Gives every test of this folder a time limit, unless the command line or the test itself says another."""
    if config.getoption("timeout") is None:
        for item in items:
            if item.path.is_relative_to(os.path.dirname(__file__)) and not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(LIMIT))
