"""An answer that holds less than was asked for is no answer: nothing is right about it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.engine.answering.oracle import Live
from autograder.engine.calls import Call, Generator, Model, Path
from autograder.engine.catalogue import exercises
from autograder.engine.evidence import must_be_whole
from autograder.engine.judging import probes, recording_decoder
from autograder.engine.judging.draws import in_rounds
from autograder.engine.parsing import parse
from autograder.engine.wire import Message

RNG = np.random.default_rng(3)
GAUSSIAN = [probes.normal(RNG, 4, 3), probes.normal(RNG, 4, 3)]
EPS = probes.normal(RNG, 4, 3)
LAYER = Model("layer", {"weight": probes.normal(RNG, 3, 7), "bias": probes.normal(RNG, 3)})
HEAD = Model("layer", {"weight": probes.normal(RNG, 2, 3), "bias": probes.normal(RNG, 2)})
CALLS = {
    "rounds": ("reparameterization", in_rounds(Call("reparameterize", GAUSSIAN), RNG, generator=False)),
    "rounds with generators": ("reparameterization", in_rounds(Call("sample_prior", [5, 3]), RNG, generator=True)),
    "gradients": ("reparameterization", Call("reparameterize", GAUSSIAN, {"eps": EPS}, cotangents=[EPS])),
    "models": ("reparameterization", Call("encode_distribution", [LAYER, HEAD, HEAD, probes.images(RNG, 4, 7)])),
    "a recording_decoder model": ("conditional", recording_decoder.call(RNG, 4, 3, 5, 2, generator=Generator(3))),
    "a file": (
        "latent",
        Call("create_latent_walk_animation", [probes.codec(RNG), probes.images(RNG, 3, 256)], {"path": Path("a.gif")}),
    ),
    "a pair": ("kl", Call("kl_divergence", GAUSSIAN)),
}  # fmt: skip
FOR_CHECKS = ("calls", "changes", "others", "files", "items", "seen")  # how many there are is for checks to judge
NOT_ASKED = {"id", "calls", "forward", "encode", "decode"}


@pytest.fixture(scope="module")
def oracles() -> Iterator[dict[str, Live]]:
    made = {exercise.name: Live(exercise) for exercise in exercises()}
    yield made
    for oracle in made.values():
        oracle.close()


def less(body: Any) -> Iterator[tuple[str, Any]]:
    """Copies of a body, each without one thing that it holds, and where that was."""
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inside:
        thinner = copy.copy(body)
        del thinner[key]
        yield str(key), thinner
        for place, replaced in () if key in FOR_CHECKS else less(value):
            whole = copy.copy(body)
            whole[key] = replaced
            yield f"{key}.{place}", whole


@pytest.mark.parametrize("kind", CALLS)
def test_an_answer_without_one_of_its_pieces_is_refused(kind: str, oracles: dict[str, Live]) -> None:
    exercise, call = CALLS[kind]
    packed, arrays = call.pack("float32")
    reply = oracles[exercise]._ask({**packed, "variant": []}, arrays)
    must_be_whole(reply.body, call)
    parse(reply)
    accepted = []
    for place, body in less(reply.body):
        try:
            must_be_whole(body, call)
            parse(Message(body, reply.arrays))
        except ValueError:
            continue
        accepted.append(place)
    unused = {"gradients"} if kind != "gradients" else set()
    unused |= {"seen"} if kind != "a recording_decoder model" else set()
    assert {place.split(".")[-1] for place in accepted} <= NOT_ASKED | unused
    assert len(list(less(reply.body))) > 10
    if call.rounds:
        with pytest.raises(ValueError, match="7 rounds in answer to 6"):
            must_be_whole({"rounds": [*reply.body["rounds"], reply.body["rounds"][0]]}, call)
        with pytest.raises(ValueError, match="0 rounds in answer to 6"):
            must_be_whole({"rounds": []}, call)


def test_a_function_that_fails_or_is_missing_is_a_whole_answer() -> None:
    _, call = CALLS["rounds"]
    failed = {"body": {"error": {"type": "ValueError"}}, "start": 0, "count": 0}
    for body in ({"missing": "reparameterize"}, {"error": {"type": "ValueError"}}, {"rounds": [failed]}):
        must_be_whole(body, call)
    with pytest.raises(ValueError, match="rounds"):
        must_be_whole({"rounds": [{**failed, "body": {"rounds": [], "error": {}}}]}, call)
    with pytest.raises(ValueError, match="no rounds"):
        must_be_whole({"error": {}, "rounds": None}, call)
