"""Calls of every kind arrive in the worker as they were meant, and what comes back is told as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.engine.calls import Answer, Call, Generator, Leaf, Many, Odd
from autograder.engine.parsing import parse
from autograder.engine.worker_client.worker import Worker
from tests.autograder.submissions import load

FUNCTIONS = """
import numpy as np, random, torch
from collections import namedtuple

Pair = namedtuple("Pair", "mu log_var")

def pair(x): return Pair(x * 2, (x ** 2).sum(1))
def draw(generator): return torch.randn(3, generator=generator)
def drawn(): return torch.randn(3)
def integers(labels, count): return torch.nn.functional.one_hot(labels, count)
def scalar(x): return float(x.sum())
def changes(x, many):
    x[0] = 0
    many.append(1)
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    np.random.seed(0)
def seeds(): torch.manual_seed(0)
def sets(x):
    torch.set_default_device("meta")
    torch.use_deterministic_algorithms(True)
    torch.set_autocast_enabled("cpu", True)
    torch.set_float32_matmul_precision("medium")
    torch.autograd.set_detect_anomaly(True)
    np.seterr(all="raise")
def makes_sure(x):
    torch.set_default_dtype(torch.float32)
    return torch.ones(2)
def puts_back(x):
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    made = torch.ones(2)
    torch.set_default_dtype(usual)
    return made
def goes_on(name):
    try:
        open(name)
    except OSError:
        return 0.0
    return 1.0
def odd(kind):
    return {
        "bfloat16": lambda: torch.ones(2, dtype=torch.bfloat16),
        "meta": lambda: torch.ones(2, 3, device="meta"),
        "complex": lambda: torch.ones(2, dtype=torch.complex64),
        "quantised": lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
        "nested": lambda: torch.nested.nested_tensor([torch.ones(1), torch.ones(2)]),
        "conjugate": lambda: torch.ones(2, dtype=torch.complex64).conj().imag,
        "lying": lambda: Lying(),
        "text": lambda: "x" * 10_000,
        "module": lambda: torch.nn.Linear(2, 2),
        "list": lambda: [torch.ones(1), "x", None],
        "objects": lambda: np.array([None, 1]),
        "broken": lambda: 1 / Broken(),
        "huge": lambda: 10 ** 400,
        "self": lambda: loop(),
    }[kind]()
def loop():
    items = []
    items.append(items)
    return items
class Lying(torch.Tensor):
    @property
    def shape(self): raise RuntimeError("no shape")
class Broken:
    def __rtruediv__(self, other): raise Trouble
class Trouble(Exception):
    def __str__(self): raise RuntimeError
"""
NAMES = (
    *("pair", "draw", "drawn", "integers", "scalar", "changes", "seeds", "odd"),
    *("sets", "makes_sure", "puts_back", "goes_on"),
)

Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    path: Path = tmp_path_factory.mktemp("functions") / "functions.py"
    path.write_text(FUNCTIONS)
    worker = Worker()
    load(worker, path, dict.fromkeys(NAMES, "9.9"), 120)

    def run(function: str, *args: Any, precision: str = "float32", **options: Any) -> Answer:
        body, arrays = Call(function, args, **options).pack(precision)
        return parse(worker.ask(body, arrays, 60))

    yield run
    worker.close()


def test_a_pair_and_its_gradients(ask: Ask) -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    weights = (np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([0.0, 1.0]))
    for precision in ("float32", "float64"):
        answer = ask("pair", x, cotangents=weights, precision=precision)
        assert isinstance(answer.result, Many)
        mu, log_var = answer.result.items
        assert isinstance(mu, Leaf)
        assert isinstance(log_var, Leaf)
        assert mu.dtype == precision
        np.testing.assert_array_equal(log_var.array, [5, 25])
        (gradient,) = answer.gradients
        assert isinstance(gradient, Leaf)
        np.testing.assert_array_equal(gradient.array, [[2, 0], [6, 8]])
        assert not answer.changes


def test_generators_and_seeds(ask: Ask) -> None:
    def numbers(answer: Answer) -> Any:
        assert isinstance(answer.result, Leaf)
        return answer.result.array.tolist()

    one, again, other = (ask("draw", Generator(seed)) for seed in (1, 1, 2))
    assert numbers(one) == numbers(again) != numbers(other)
    assert not one.drew
    drawn = ask("drawn", seed=5)
    assert drawn.drew
    assert not drawn.changes, "drawing is allowed"
    assert numbers(drawn) == numbers(ask("drawn", seed=5)) != numbers(ask("drawn", seed=6))
    assert ask("seeds").changes == ["seed"]


def test_integers_and_scalars(ask: Ask) -> None:
    answer = ask("integers", np.array([2, 0]), 3)
    assert isinstance(answer.result, Leaf)
    assert answer.result.array.tolist() == [[0, 0, 1], [1, 0, 0]]
    total = ask("scalar", np.array([1.5, 2.0])).result
    assert isinstance(total, Leaf)
    assert (total.kind, total.array.shape, float(total.array)) == ("python", (), 3.5)


def test_settings_that_a_call_makes_for_all_code_are_noted_and_undone(ask: Ask) -> None:
    settings = ["anomaly", "autocast", "deterministic", "device", "numpy_errors", "precision"]
    assert list(ask("sets", np.ones(2)).changes) == settings
    assert not ask("scalar", np.ones(2)).changes


def test_a_default_that_is_set_to_what_it_is_would_change_another_one(ask: Ask) -> None:
    assert list(ask("makes_sure", np.ones(2)).changes) == ["default_dtype"]
    answer = ask("puts_back", np.ones(2))
    assert isinstance(answer.result, Leaf)
    assert (list(answer.changes), answer.result.dtype) == ([], "float32")


def test_what_is_refused_and_caught_is_told(ask: Ask) -> None:
    assert list(ask("goes_on", "/etc/passwd").refused) == ["files"]
    assert list(ask("goes_on", "/not/there").refused) == []
    assert list(ask("goes_on", str(Path(torch.__file__).parent / "version.py")).refused) == []


def test_changes_are_noted_and_undone(ask: Ask) -> None:
    answer = ask("changes", np.ones(2), [np.ones(1)])
    assert list(answer.changes) == ["default_dtype", "grad_mode", "input:0", "input:1", "seed"]
    assert answer.result == Odd("None", none=True)
    assert not ask("scalar", np.ones(2)).changes


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("meta", "a float32 tensor of shape (2, 3) without values (on the meta device)"),
        ("complex", "a complex64 array of shape (2,), which is not looked at"),
        ("nested", "a nested float32 tensor"),
        ("text", "the text 'xxxxxxxxxx"),
        ("module", "a Linear"),
        ("objects", "an object array of shape (2,), which is not looked at"),
        ("huge", "an object array of shape (), which is not looked at"),
    ],
)
def test_odd_results_come_back_in_words(ask: Ask, kind: str, said: str) -> None:
    result = ask("odd", kind).result
    assert isinstance(result, Odd)
    assert result.text.startswith(said)


def test_what_can_be_read_is_read(ask: Ask) -> None:
    for kind, numbers in (("bfloat16", [1, 1]), ("conjugate", [0, 0])):
        result = ask("odd", kind).result
        assert isinstance(result, Leaf)
        assert result.array.tolist() == numbers
    listed = ask("odd", "list").result
    assert isinstance(listed, Many)
    assert [type(item) for item in listed.items] == [Leaf, Odd, Odd]
    for kind in ("lying", "self", "quantised"):
        assert ask("odd", kind).error is None or kind == "quantised"


def test_an_exception_without_words_is_still_named(ask: Ask) -> None:
    error = ask("odd", "broken").error
    assert error is not None
    assert (error["type"], error["message"]) == ("Trouble", "(its message cannot be shown)")
    assert error["text"].startswith("def __rtruediv__")
