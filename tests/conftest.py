"""What every test and every program that a test starts may rely on.

One thread for torch, so that plain `pytest` costs what `make test` costs; and Ctrl-C, which a shell turns off in what
it starts in the background. Where what the tests need is not installed, they say so once.
"""

import os
import signal
from importlib.util import find_spec

import pytest

os.environ["OMP_NUM_THREADS"] = "1"  # before anything imports torch
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure() -> None:
    needed = ("torch", "sphinx", "hypothesis", "playwright", "axe_playwright_python")
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise pytest.UsageError(
            f"expected what the course's own tests need, got no {', '.join(missing)}: call `python -m pip install -c "
            'constraints.txt -e ".[test]"` first. To check your exercises, call `pytest autograder`'
        )
