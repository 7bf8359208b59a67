"""What stand-ins cannot do, what a hostile submission makes of them, and what a student reads about them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from autograder.engine import report
from autograder.engine.grading.grade import grade
from autograder.engine.grading.session import Outcome, Session
from autograder.engine.judging.checks import checks_of
from autograder.engine.verdicts import Finding, State
from autograder.engine.worker_client.limits import Limits
from autograder.watch import Watcher
from tests.autograder.harness import Harness, states_of
from tests.autograder.submissions import ROOT, stub

LERP = {"6.1": stub("6.1")}
NUMBERS = ("6.1", "6.3", "6.5")  # an unwritten part, the one that needs it, and one that comes after both


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    made = Harness("interpolation", tmp_path_factory.mktemp("interpolation"))
    yield made
    made.close()


@pytest.fixture
def graded(harness: Harness, tmp_path: Path) -> Callable[..., dict[str, Outcome]]:
    """Grades a submission of lesson 6 without 6.1, in a worker of its own."""

    def run(bodies: Mapping[str, str], extra: str = "", seconds: float = 10) -> dict[str, Outcome]:
        path = tmp_path / harness.exercise.starter
        path.write_text(harness.text({**LERP, **bodies}, extra), encoding="utf-8")
        found = grade(harness.exercise, path, parts=NUMBERS, seed=3, limits=Limits(call=seconds), oracle=harness.oracle)
        return {outcome.part.number: outcome for outcome in found}

    return run


def walk(leg: str) -> str:
    """6.3 with other code for a leg from `a` to `b` with `n` points."""
    return f"""
    stops = [*waypoints, *waypoints[:1]] if closed else [*waypoints]
    n, legs = steps_per_leg + 1, []
    for a, b in zip(stops, stops[1:]):
        {leg}
        legs.append(leg[:-1])
    return torch.cat([*legs, stops[-1][None]])
    """


Run = Callable[..., dict[str, Outcome]]


def test_the_course_s_own_says_what_is_wrong_with_its_arguments(graded: Run) -> None:
    """A wrong call of an earlier part is a mistake of the later one."""
    finding = graded({"6.3": walk("leg = lerp(a, b)")})["6.3"].finding
    assert finding.state is State.WRONG
    assert "TypeError: lerp() missing 1 required positional argument: 'num_steps' in line" in finding.got
    finding = graded({"6.3": walk("leg = lerp(a, b, 10**10)")})["6.3"].finding
    assert finding.state is State.WRONG
    assert "RuntimeError" in finding.got


UNSENDABLE = {
    "an object of its own": (
        "leg = lerp(__import__('types').SimpleNamespace(a=a), b, n)",
        "a value of type SimpleNamespace",
    ),
    "a strange tensor": ("leg = lerp(a.to_sparse(), b, n)", "a float32 tensor without plain numbers"),
    "a long text": ("leg = lerp(a, b, 'n' * 100_000)", "longer than"),
    "a list in a list": ("leg = lerp([[[[[[a]]]]]], b, n)", "something deeply nested"),
    "a call for each number": ("leg = torch.stack([lerp(a, b, n) for _ in range(2000)])[0]", "too often"),
}


@pytest.mark.parametrize("name", UNSENDABLE)
def test_what_cannot_be_stood_in_for_is_blocked_and_says_so(graded: Run, name: str) -> None:
    leg, why = UNSENDABLE[name]
    outcomes = graded({"6.3": walk(leg)}, seconds=20)
    finding = outcomes["6.3"].finding
    assert (finding.state, finding.by) == (State.BLOCKED, "6.1"), finding
    assert why in finding.reason
    assert states_of(outcomes) == {"6.1": "not started", "6.3": "blocked", "6.5": "done"}


def test_calls_from_threads_are_answered(graded: Run) -> None:
    body = """
    from concurrent.futures import ThreadPoolExecutor
    stops = [*waypoints, *waypoints[:1]] if closed else [*waypoints]
    with ThreadPoolExecutor(4) as pool:
        legs = list(pool.map(lambda ends: lerp(*ends, steps_per_leg + 1)[:-1], zip(stops, stops[1:])))
    return torch.cat([*legs, stops[-1][None]])
    """
    assert graded({"6.3": body})["6.3"].finding.state is State.DONE


ASKED = "import gc\nfrom autograder.engine import wire\nfrom autograder.engine.worker_process.channel import Channel\n"
TRIES = "while True:\n    try:\n        lerp(waypoints[0], waypoints[1], {})\n    except BaseException:\n        pass"
CHANNEL = f"{ASKED}channel = next(o for o in gc.get_objects() if isinstance(o, Channel))\n"
FORGED = '{"ask": "lerp", "args": {"tag": "tuple", "items": []}, "kwargs": {}, "random": 0, "weights": []}'


def asks(body: str) -> str:
    return f"lerp(waypoints[0], waypoints[1], 2)\n{CHANNEL}{body}\nreturn waypoints"


HOSTILE = {
    "without end": TRIES.format(2),
    "a function that is there": asks(f"channel.ask(wire.Message({FORGED.replace('lerp', 'slerp')}))"),
    "no function": asks(f"channel.ask(wire.Message({FORGED.replace(chr(34) + 'lerp' + chr(34), '[7]')}))"),
    "no arguments": asks('channel.ask(wire.Message({"ask": "lerp"}))'),
    "arguments that are none": asks(
        'channel.ask(wire.Message({"ask": "lerp", "args": {"tag": "tensor", "array": 99}, "kwargs": {}, '
        '"random": -5, "weights": "x"}))'
    ),
    "a state that is none": asks(f"channel.ask(wire.Message({FORGED}, [torch.zeros(3).numpy()]))"),
    "a huge header": asks('channel._answers.write(b"\\xff" * 9); channel._answers.flush()'),
    "bytes of no message": asks(
        'import os\nfor fd in range(3, 9):\n    try:\n        os.write(fd, b"\\0\\0\\0\\x05junk!" * 99)\n'
        "    except OSError:\n        pass"
    ),
    "questions without waiting": asks(
        "for _ in range(10**5):\n"
        f"    channel.send(wire.encode(wire.Message({FORGED}, [torch.get_rng_state().numpy()])))"
    ),
    "all memory": TRIES.format(10**9),
    "a huge question": "big = torch.zeros(2 * 10**7)\nreturn lerp(big, big, 2)",
    "a question from a thread that stays": asks(
        "import threading\ndef go():\n    while True:\n"
        "        channel.send(wire.encode(wire.Message({'ask': 'lerp'})))\n"
        "threading.Thread(target=go, daemon=True).start()"
    ),
    "NaN": "return lerp(waypoints[0] * float('nan'), waypoints[1], 3)",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_question_gains_nothing_and_costs_one_part(graded: Run, name: str) -> None:
    outcomes = graded({"6.3": HOSTILE[name]}, seconds=3)
    assert outcomes["6.1"].finding.state is State.NOT_STARTED
    assert outcomes["6.3"].finding.state in (State.WRONG, State.BLOCKED), outcomes["6.3"]
    assert outcomes["6.5"].finding.state is State.DONE or "thread that stays" in name, outcomes["6.5"]
    assert not re.search("NameError|ImportError|AttributeError|StopIteration", outcomes["6.3"].finding.got), (
        "it attacked"
    )


def test_nothing_is_answered_while_a_file_is_loaded(graded: Run) -> None:
    outcomes = graded({}, extra=f"{CHANNEL}channel.ask(wire.Message({FORGED}))")
    assert set(states_of(outcomes).values()) == {"blocked"}
    assert "this call is over" in outcomes["6.1"].finding.reason
    outcomes = graded({}, extra=f"{CHANNEL}channel.send(wire.encode(wire.Message({FORGED})))")
    assert set(states_of(outcomes).values()) == {"blocked"}
    assert "belongs to no question" in outcomes["6.1"].finding.reason


def test_no_code_of_the_reference_comes_to_the_student(graded: Run) -> None:
    body = """
    import gc, types
    lerp(waypoints[0], waypoints[1], 2)
    names = {o.__code__.co_filename for o in gc.get_objects() if isinstance(o, types.FunctionType)}
    raise ValueError(sorted(n for n in names if "solution" in n or "misconceptions" in n))
    """
    assert "ValueError: [] in line" in graded({"6.3": body})["6.3"].finding.got


# 6.1 notes what it is asked. Once 6.3 is judged with a stand-in, 6.3 asks that for the answers, and 6.1 gives them.
HARVEST = {
    "6.1": """
    key = (z_a.tolist(), z_b.tolist(), num_steps)
    for question, answer in KNOWN:
        if question == key:
            return answer
    ASKED.append((z_a.clone(), z_b.clone(), num_steps))
    return at_first(z_a, num_steps)
    """,
    "6.3": """
    stops = torch.cat([waypoints, waypoints[:1]]) if closed else waypoints
    legs = [lerp(a, b, steps_per_leg + 1)[:-1] for a, b in zip(stops, stops[1:])]
    for a, b, n in ASKED:
        KNOWN.append(((a.tolist(), b.tolist(), n), lerp(a, b, n)))
    return torch.cat([*legs, stops[-1:]])
    """,
}
NOTES = """
ASKED, KNOWN = [], []

def at_first(z_a, num_steps):
"""
AT_FIRST = {
    State.NOT_STARTED: f"{NOTES}    raise NotImplementedError('Exercise 6.1: not yet')\n",
    State.WRONG: f"{NOTES}    return torch.zeros(num_steps, len(z_a))\n",
}


@pytest.mark.parametrize("first", AT_FIRST)
@pytest.mark.parametrize("order", [("6.1", "6.3", "6.1"), ("6.3", "6.1"), ("6.3", "6.1", "6.3", "6.1")])
def test_answers_that_were_asked_for_gain_nothing(
    harness: Harness, tmp_path: Path, order: tuple[str, ...], first: State
) -> None:
    """A part is judged before it is stood in for, and never after."""
    path = tmp_path / harness.exercise.starter
    path.write_text(harness.text(HARVEST, AT_FIRST[first]), encoding="utf-8")
    with Session(harness.exercise, path, 5, oracle=harness.oracle) as session:
        for number in order:
            for check in checks_of(harness.exercise)[number]:
                session.check(number, check)
        found = {o.part.number: o.finding for o in session.outcomes()}
    assert (found["6.1"].state, found["6.3"].state) == (first, State.DONE)
    assert found["6.3"].stood_in == ("6.1",)


def pytest_states(folder: Path, *options: str, plugin: str = "") -> dict[str, str]:
    """Verdicts by part number of `pytest autograder`, through its report."""
    (folder / "plugin_of_a_test.py").write_text(plugin or "")
    target = folder / "results.json"
    command = [sys.executable, "-m", "pytest", "autograder", "--submission", str(folder / "interpolation_starter.py")]
    command += ["--report-json", str(target), "--seed", "5", "-p", "no:cacheprovider", "-p", "plugin_of_a_test"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    subprocess.run([*command, *options], cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False)
    found = json.loads(target.read_text())["tests"]
    return {test["number"]: test["extra_data"]["state"] for test in found}


BACKWARDS = """
import pytest

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    yield
    items.reverse()
"""


def test_pytest_in_any_order_says_what_grade_says(harness: Harness, tmp_path: Path) -> None:
    path = tmp_path / harness.exercise.starter
    path.write_text(harness.text(HARVEST, AT_FIRST[State.WRONG]), encoding="utf-8")
    alone = {o.part.number: o.finding.state.value for o in grade(harness.exercise, path, seed=5, oracle=harness.oracle)}
    assert (alone["6.1"], alone["6.3"]) == ("wrong", "done")
    assert pytest_states(tmp_path) == alone
    assert pytest_states(tmp_path, plugin=BACKWARDS) == alone
    chosen = pytest_states(tmp_path, "-k", "lerp or walk", plugin=BACKWARDS)
    assert chosen == {number: alone[number] for number in chosen}
    assert {"6.1", "6.3"} <= set(chosen)


def test_watch_judges_anew_after_each_save(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / harness.exercise.starter).write_text(harness.text(HARVEST, AT_FIRST[State.WRONG]), encoding="utf-8")
    watcher = Watcher(tmp_path)
    try:
        for _ in range(2):
            states = {o.part.number: o.finding.state for o in watcher.grade(harness.exercise)}
            assert (states["6.1"], states["6.3"]) == (State.WRONG, State.DONE)
            watcher.get_ready(harness.exercise)
    finally:
        watcher.close()


def test_what_a_student_reads(harness: Harness) -> None:
    outcomes = harness.grade(harness.text(LERP))
    assert report.line(outcomes["6.3"]).endswith("done                    4 of 4   with the course's 6.1")
    note = "Note      it uses part 6.1, which is not done yet; the course's own stood in for it here"
    assert [line.strip() for line in report.message(outcomes["6.3"])] == [note]
    tests = {test["number"]: test for test in report.results(list(outcomes.values()), 1, 1.0)["tests"]}
    assert tests["6.3"]["extra_data"]["stood_in"] == ["6.1"]
    assert "stood_in" not in tests["6.5"]["extra_data"]
    assert (tests["6.3"]["status"], tests["6.3"]["score"]) == ("passed", 4)
    part = outcomes["6.3"].part
    two = report.message(Outcome(part, Finding(State.WRONG, "a", "b", stood_in=("4.1", "4.2"))))
    assert any("parts 4.1 and 4.2, which are not done yet" in line for line in two)
    following = report.next_thing(list(outcomes.values()))
    assert following is not None
    assert following.part.number == "6.1"


@pytest.mark.parametrize("text", ["solution", "starter"])
def test_a_stand_in_costs_nothing_where_it_is_not_needed(
    harness: Harness, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def needed(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("autograder.engine.answering.stand_in.StandInWorker.stand_in_for", needed)
    path = tmp_path / harness.exercise.starter
    path.write_text(harness.solution if text == "solution" else harness.starter(), encoding="utf-8")
    outcomes = grade(harness.exercise, path, oracle=harness.oracle)
    assert {o.finding.state for o in outcomes} == {State.DONE if text == "solution" else State.NOT_STARTED}
