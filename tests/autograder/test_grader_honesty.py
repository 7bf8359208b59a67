"""What a function did is seen from outside where it can be; a worker that lies about the rest is not believed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from autograder.engine.answering.honesty import Dishonest
from autograder.engine.answering.own_models import MOST, OwnModels
from autograder.engine.calls import Answer, Call, Leaf, Model
from autograder.engine.grading.grade import grade
from autograder.engine.parsing import parse
from autograder.engine.verdicts import Finding, State
from autograder.engine.wire import Message
from tests.autograder.forgers import exercise_called, with_tail
from tests.autograder.submissions import ROOT

SEVEN = """
def encode_distribution(encoder, fc_mu, fc_log_var, x):
    for _ in range(5):
        encoder(x)
    result = fc_mu(encoder(x)), fc_log_var(encoder(x))
    {then}
    return result
"""
ONE_BY_ONE = """
def conditional_sample(decoder, label, num_samples, latent_dim, num_classes, generator=None):
    z = torch.randn(num_samples, latent_dim, generator=generator)
    rows = condition(z, torch.full((num_samples,), label), num_classes)
    result = torch.cat([decoder(row[None]) for row in rows])
    {then}
    return result
"""
ONCE = 'encoder.used["forward"] = 1'
SEEN = 'decoder.seen[:] = [rows]; decoder.used["forward"] = 1'
DOUBLED = """
_real = kl_divergence
def kl_divergence(mu, log_var):
    result = _real(mu, log_var)
    mu.add_(1)
    return result
from autograder.engine.worker_process import side_effects
"""
LIES = {
    "how often an encoder ran": ("reparameterization", SEVEN.format(then=ONCE), "1 times, and the grader saw 7 calls"),
    "what a decoder saw": ("conditional", ONE_BY_ONE.format(then=SEEN), "1 times, and the grader saw 4 calls"),
    "that inputs are unchanged": (
        "kl",
        DOUBLED + "side_effects.Snapshot.changes = lambda self: []",
        "did not see that an input was changed",
    ),
    "that inputs are unchanged, once it was called": (
        "kl",
        DOUBLED.replace("    mu.add_(1)", "    mu.add_(1); side_effects.Snapshot.changes = lambda self: []"),
        "did not see that an input was changed",
    ),
    "that nothing was drawn": (
        "reparameterization",
        "from autograder.engine.worker_process import side_effects\nside_effects.Snapshot.drew = lambda self: False",
        "did not see that a number was drawn",
    ),
    "that something was drawn, in any case": (
        "reparameterization",
        "from autograder.engine.worker_process import side_effects\nside_effects.Snapshot.drew = lambda self: True",
        "saw that a number was drawn, which the grader had not done",
    ),
    "that a generator moves on, in any case": (
        "reparameterization",
        "from autograder.engine.worker_process import arguments\n"
        "_used = arguments.Arguments.used\n"
        "arguments.Arguments.used = lambda self: {**_used(self), **{n: {'advanced': True} for n in self.generators}}",
        "saw that a generator was used, which the grader had not done",
    ),
    "what numbers come back": (
        "kl",
        "from autograder.engine.worker_process import results\n"
        "_described = results.Results._tensor\n"
        "results.Results._tensor = lambda self, tensor: _described(self, tensor + 1)",
        "gave other numbers for a function of the grader's",
    ),
}  # fmt: skip
ODD_BUT_RIGHT = {
    "a copy of the encoder": (
        "reparameterization",
        "import copy\n"
        "def encode_distribution(encoder, fc_mu, fc_log_var, x):\n"
        "    hidden = copy.deepcopy(encoder)(x)\n"
        "    return fc_mu(hidden), fc_log_var(hidden)",
    ),
    "what fails at first": (
        "reparameterization",
        "def encode_distribution(encoder, fc_mu, fc_log_var, x):\n"
        "    try:\n"
        "        hidden = encoder(x[:, :0])\n"
        "    except RuntimeError:\n"
        "        hidden = encoder(x.to(next(encoder.parameters()).device))\n"
        "    return fc_mu(hidden), fc_log_var(hidden)",
    ),
    "other tools": ("conditional", "torch.equal = torch.allclose = np.allclose = lambda *args, **kwargs: True"),
    "settings at the top": ("kl", "torch.set_num_threads(1); torch.manual_seed(3); np.random.seed(3)"),
}
WHOLE_NUMBERS = (
    "_real = one_hot\n"
    "def one_hot(labels, num_classes): return _real(labels, num_classes).long()\n"
    "def condition(x, labels, num_classes): return torch.cat([x, _real(labels, num_classes)], dim=1)\n"
    "from autograder.engine.worker_process import results\n"
    "_described = results.Results._tensor\n"
)
WRONG = {
    "seven runs": ("reparameterization", SEVEN.format(then=""), "2.1", "7 runs"),
    "seven runs of copies": (
        "reparameterization",
        "import copy\n" + SEVEN.format(then="").replace("encoder(x)", "copy.deepcopy(encoder)(x)"),
        "2.1",
        "7 runs",
    ),
    "weights that are not there": (
        "reparameterization",
        "def encode_distribution(encoder, fc_mu, fc_log_var, x):\n"
        "    encoder(x)\n"
        "    hidden = torch.tanh(x @ encoder.weight.T + encoder.bias)\n"
        "    return fc_mu(hidden), fc_log_var(hidden)",
        "2.1",
        "",
    ),
    "whole numbers that are called floats": (
        "conditional",
        WHOLE_NUMBERS +
        "results.Results._tensor = lambda self, tensor: {**_described(self, tensor), 'dtype': 'float32'}",
        "11.1",
        "int64",
    ),
    "whole numbers that are called an array of floats": (
        "conditional",
        WHOLE_NUMBERS +
        "lie = {'kind': 'numpy', 'dtype': 'float32'}\n"
        "def _lying(self, tensor): return _described(self, tensor) | (lie if tensor.dtype == torch.int64 else {})\n"
        "results.Results._tensor = _lying",
        "11.1",
        "an array of numpy's",
    ),
}  # fmt: skip


def graded(name: str, tail: str, folder: Path) -> Mapping[str, Finding]:
    exercise = exercise_called(name)
    path = folder / exercise.starter
    path.write_text(with_tail(name, tail), encoding="utf-8")
    return {outcome.part.number: outcome.finding for outcome in grade(exercise, path, seed=7)}


@pytest.mark.parametrize("about", LIES)
def test_a_lie_is_seen_and_nothing_of_the_submission_counts(about: str, tmp_path: Path) -> None:
    name, tail, said = LIES[about]
    found = graded(name, tail, tmp_path)
    assert {finding.state for finding in found.values()} == {State.UNTRUSTED}
    assert all(said in finding.reason for finding in found.values()), found


@pytest.mark.parametrize("what", ODD_BUT_RIGHT)
def test_nobody_is_called_a_liar_for_odd_but_right_work(what: str, tmp_path: Path) -> None:
    found = graded(*ODD_BUT_RIGHT[what], tmp_path)
    assert {finding.state for finding in found.values()} == {State.DONE}, found


@pytest.mark.parametrize("what", WRONG)
def test_what_is_seen_from_outside_is_wrong_and_no_more(what: str, tmp_path: Path) -> None:
    name, tail, number, got = WRONG[what]
    found = graded(name, tail, tmp_path)
    assert {n: f.state for n, f in found.items()} == {n: State.WRONG if n == number else State.DONE for n in found}
    assert got in found[number].got


def test_the_command_says_apart_what_it_does_not_trust(tmp_path: Path) -> None:
    name, tail, said = LIES["how often an encoder ran"]
    path, report = tmp_path / exercise_called(name).starter, tmp_path / "report.json"
    path.write_text(with_tail(name, tail), encoding="utf-8")
    line = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "autograder", f"--submission={path}"]
    ran = subprocess.run([*line, f"--report-json={report}"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "could not be trusted" in ran.stdout
    assert said in " ".join(ran.stdout.split())
    told = json.loads(report.read_text())
    assert told["score"] == 0
    assert {test["extra_data"]["state"] for test in told["tests"] if test["number"].startswith("2.")} == {
        "could not be trusted"
    }


WEIGHT, BIAS = np.ones((2, 3), np.float32), np.zeros(2, np.float32)
CALL = Call("encode_distribution", [Model("bent", {"weight": WEIGHT, "bias": BIAS}), np.ones((4, 3), np.float32)])


def question(**other: object) -> Message:
    return Message({"ask": "", "round": 0, "model": "0", "gradient": False, **other}, [np.ones((4, 3), np.float32)])


def test_a_model_that_is_asked_about_stays_with_the_grader() -> None:
    body, arrays = CALL.pack("float32", asking=True)
    assert body["args"][0].get("asks") is True
    assert not any(array.any() for array in arrays[:2])
    assert any(array.any() for array in CALL.pack("float32")[1][:2])


def test_questions_are_answered_and_counted_and_junk_is_refused() -> None:
    models = OwnModels(CALL)
    told = models(question())
    assert told is not None
    assert np.allclose(told.arrays[0], np.tanh(3))
    for junk in ({"round": 1}, {"model": "1"}, {"model": None}, {"gradient": True}, {"round": "x"}, {"round": None}):
        assert models(question(**junk)) is None
    assert models(Message(question().body, [])) is None
    assert models(Message(question().body, [np.ones((4, 5), np.float32)])) is None
    assert models(Message(question().body, [np.ones((1 << 20, 3), np.float32)])) is None
    answer = models.witnessed(Answer(used={"0": {"forward": 9}}))
    assert answer.used == {"0": {"forward": 1}}
    assert [np.shape(seen.array) for seen in answer.seen["0"] if isinstance(seen, Leaf)] == [(4, 3)]
    lies: list[dict[str, object]] = [{}, {"0": {}}, {"0": {"forward": 0}}, {"0": {"forward": "1"}}, {"0": 1}]
    for said in lies:
        with pytest.raises(Dishonest):
            models.witnessed(Answer(used=said))
    while models(question()) is not None:
        pass
    assert models._counts == {(0, "0"): MOST}
    models.begin()
    assert models.witnessed(Answer()).used == {"0": {"forward": 0}}


@pytest.mark.parametrize(
    ("sent", "kind", "said", "dtype"),
    [
        (np.int64, "torch", "float32", "int64"),
        (np.int64, "numpy", "float32", "int64"),
        (np.int64, "anything", "float32", "int64"),
        (np.float32, "torch", "bfloat16", "bfloat16"),
        (np.float64, "torch", "bfloat16", "float64"),
        (np.float32, "numpy", "ndarray", "ndarray"),
        (np.bool_, "torch", "float32", "bool"),
    ],
)
def test_a_type_is_that_of_the_bytes(sent: type, kind: str, said: str, dtype: str) -> None:
    leaf = {"tag": "leaf", "array": 0, "kind": kind, "dtype": said, "requires_grad": False}
    empty = {"changes": [], "calls": [], "files": {}, "others": [], "refused": [], "used": {}, "drew": False}
    result = parse(Message({"result": leaf, **empty}, [np.zeros(3, sent)])).result
    assert isinstance(result, Leaf)
    assert result.dtype == dtype
