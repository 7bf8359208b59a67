"""A wrong verdict says which check decided, on which input, and in which line that is written."""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.engine import report
from autograder.engine.answering.judged_answers import JudgedAnswers, in_words
from autograder.engine.calls import Answer, Call, Generator, Model, Round
from autograder.engine.catalogue import exercises
from autograder.engine.grading.findings import found
from autograder.engine.grading.session import Outcome
from autograder.engine.verdicts import NotChecked, State, Wrong
from tests.autograder.harness import Harness
from tests.autograder.submissions import ROOT


def text_at(file: str, line: int) -> str:
    return (ROOT / file).read_text(encoding="utf-8").splitlines()[line - 1]


@pytest.mark.parametrize("exercise", [exercise.name for exercise in exercises()])
def test_a_named_mistake_says_where_it_is_written(exercise: str) -> None:
    for mistake in importlib.import_module(f"autograder.misconceptions.{exercise}").MISTAKES:
        file, _, line = mistake.place.rpartition(":")
        first, second = text_at(file, int(line)), text_at(file, int(line) + 1)
        assert first.startswith("@mistake("), mistake
        assert mistake.name in first + second, mistake


ONLY_ONE_IMAGE = """
nats = functional.binary_cross_entropy(x_hat, x, reduction="none").sum(dim=1).mean()
return nats + 1 if len(x) == 1 else nats
"""
WITHOUT_ITS_LAST_STEP = "return beta_max if step >= warm_up_steps - 1 else beta_max * step / warm_up_steps"


@pytest.fixture(scope="module")
def kl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    made = Harness("kl", tmp_path_factory.mktemp("kl"))
    yield made
    made.close()


def test_the_input_that_decided_is_named_and_not_the_first(kl: Harness) -> None:
    outcomes = kl.grade(kl.text({"4.1": ONLY_ONE_IMAGE, "4.5": WITHOUT_ITS_LAST_STEP}))
    one, late = outcomes["4.1"].finding, outcomes["4.5"].finding
    assert one.check == "test_reconstruction_loss"
    assert one.probe.startswith("images 2: x_hat (1, "), one
    assert "agree_within(" in text_at(one.file, one.line)
    assert late.check == "test_beta_warm_up"
    step, steps = (int(n.strip(",")) for n in late.probe.split()[1:4:2])
    assert step == steps - 1
    assert f"step = {step}, warm_up_steps = {steps}" in late.probe


def test_what_is_not_decided_by_a_check_names_none(kl: Harness) -> None:
    for text in (kl.solution, kl.starter()):
        for outcome in kl.grade(text).values():
            assert not outcome.finding.decided
            assert outcome.finding.probe == ""
            assert report.message(outcome, verbose=True) == report.message(outcome)


def test_what_v_and_the_report_say(kl: Harness) -> None:
    outcome = kl.grade(kl.text({"4.1": ONLY_ONE_IMAGE}))["4.1"]
    finding = outcome.finding
    place = f"{finding.file}:{finding.line}"
    said = " ".join(" ".join(report.message(outcome, verbose=True)).split())
    assert f'Check test_kl.py::test_reconstruction_loss, probe "{finding.probe}" ({place})' in said
    assert "Check" not in " ".join(report.message(outcome))
    [test] = report.results([outcome], 7, 1.0)["tests"]
    assert test["extra_data"] == {
        "state": "wrong",
        "misconception": None,
        "check": finding.check,
        "probe": finding.probe,
        "file": finding.file,
        "line": finding.line,
    }
    assert "Check" not in test["output"], "what a student reads there stays as it is"


def test_the_page_for_instructors_shows_what_is_printed(
    kl: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where no site was built
    averaged = "return functional.binary_cross_entropy(x_hat, x)"
    outcome = kl.grade(kl.text({"4.1": averaged}), seed=3, numbers=["4.1"])["4.1"]
    page = (ROOT / "docs" / "instructors.rst").read_text(encoding="utf-8")
    assert textwrap.indent("\n".join(report.message(outcome, verbose=True)), "   ") in page


def test_the_line_is_that_of_the_check_however_it_ends() -> None:
    def wrong() -> None:
        raise Wrong("a", "b")

    def plain() -> None:
        assert [] == [1]

    def through_the_engine() -> None:
        in_words([None])  # type: ignore[list-item]

    def not_checked() -> None:
        raise NotChecked("no worker")

    for check, state in (
        (wrong, State.WRONG),
        (plain, State.WRONG),
        (through_the_engine, State.UNCHECKED),
        (not_checked, State.UNCHECKED),
    ):
        finding = found(check, {})
        assert (finding.state, finding.check) == (state, check.__name__)
        assert finding.file == "tests/autograder/test_grader_who_decided.py"
        assert finding.line == inspect.getsourcelines(check)[1] + 1
        part = exercises()[0].parts[0]
        said = " ".join(" ".join(report.message(Outcome(part, finding), verbose=True)).split())
        assert f"Check test_grader_who_decided.py::{check.__name__} ({finding.file}:{finding.line})" in said


def test_answers_tell_which_of_them_is_looked_at() -> None:
    calls = [Call("f", [n], probe=f"number {n}") for n in range(3)]
    told: list[list[str]] = []
    answers = JudgedAnswers(calls, [Answer() for _ in calls], lambda judged: told.append([c.probe for c in judged]))
    assert len(answers) == len(answers[:9]) == 3
    assert told == []
    for _, _answer in zip(range(3), answers, strict=True):
        pass
    each = [["number 0"], ["number 1"], ["number 2"]]
    assert told == [*each, ["number 0", "number 1", "number 2"]], "at the end all are judged together"
    told.clear()
    for _ in answers:
        break
    assert told == each[:1]


@pytest.mark.parametrize(
    ("call", "said"),
    [(Call("f", [np.zeros((3, 40)), 5], probe="images 0", names=("x", "steps")), "images 0: x (3, 40), steps = 5"),
     (Call("f", [np.zeros(2)], {"beta": 0.25, "closed": False}, probe="a"), "a: (2,), beta = 0.25, closed = False"),
     (Call("f", [Model("codec", {}), [np.zeros(3)] * 5], probe="b", names=("vae", "patterns")),
      "b: patterns [(3,), (3,), (3,), (3,), ...]"),
     (Call("f", [np.array(0.5)], {"generator": Generator(7)}, probe="c", names=("kl",)),
      "c: kl = 0.5, generator = seed 7"),
     (Call("f", [2], probe="d", names=("n",), rounds=[Round(1), Round(2)]), "d: n = 2, 2 rounds"),
     (Call("f", [Model("codec", {})], probe="e"), "e")],
)  # fmt: skip
def test_a_probe_in_words(call: Call, said: str) -> None:
    assert in_words([call]) == said


def test_several_probes_in_words() -> None:
    calls = [Call("f", [n], probe=f"p{n}") for n in range(5)]
    assert in_words([]) == ""
    assert in_words([calls[0], calls[0]]) == "p0: 2 calls together"
    assert in_words(calls) == "p0, p1, p2 and 2 more: 5 calls together"
    assert len(in_words([Call("f", list(range(400)), probe="long")])) <= 200
