"""Mistakes that no part has for itself: an input written into, an axis dropped, a layer made but not called.

What such a habit does can be seen, so that no wrong code has to be replayed: each answer that is not right would be,
but for this one thing, and that on at least two probes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.records import Record
from autograder.engine.calls import Answer, Leaf, Many, Odd, Value
from autograder.engine.grading.diagnosis import PROBES, observed
from autograder.engine.judging.comparison import alike
from autograder.engine.verdicts import Mistake

__all__ = ["HABITS", "habit_of"]

Mended = Callable[[Record, Answer], "Answer | None"]  # the answer without the habit; None where it does not show
EXCUSED = Answer()  # instead of an answer that the habit spoils, but that does not tell it


@dataclass(frozen=True)
class Habit:
    """A mistake of any part. `mended` takes it out of an answer, given the right one."""

    name: str
    question: str
    mended: Mended


HABITS: list[Habit] = []


def habit(name: str) -> Callable[[Mended], Mended]:
    """Keeps a habit; its docstring is the question that a tutor would ask."""

    def keep(mended: Mended) -> Mended:
        HABITS.append(Habit(name, " ".join((inspect.getdoc(mended) or "").split()), mended))
        return mended

    return keep


def habit_of(part: str, section: str, records: Sequence[Record], oracle: Oracle) -> Mistake | None:
    """The one habit that explains every answer that is not right, if two probes show it."""
    wrong = [record for record in records if not _is_right(record, record.answer, oracle)]
    if len({record.call.probe for record in wrong}) < PROBES:
        return None
    for found in HABITS:
        mended = [(record, found.mended(record, oracle(record.call).rounded)) for record in wrong]
        telling = {record.call.probe for record, answer in mended if answer is not EXCUSED}
        if len(telling) >= PROBES and all(_explains(record, answer, oracle) for record, answer in mended):
            line = inspect.getsourcelines(found.mended)[1]
            return Mistake(found.name, part, found.question, section, f"autograder/engine/grading/habits.py:{line}")
    return None


def _explains(record: Record, mended: Answer | None, oracle: Oracle) -> bool:
    return mended is EXCUSED or (mended is not None and _is_right(record, mended, oracle))


def _is_right(record: Record, answer: Answer, oracle: Oracle) -> bool:
    return alike(observed(record, answer), observed(record, oracle(record.call).rounded))


def _without(record: Record, *codes: str) -> Answer | None:
    """The answer without changes of which each code begins with one of these; None if there are others or none."""
    changes = record.answer.changes
    fits = changes and all(change.startswith(codes) for change in changes)
    return replace(record.answer, changes=()) if fits else None


@habit("an input is written into")
def _in_place(record: Record, _right: Answer) -> Answer | None:
    """Which of your lines writes into what it was given: one with += or [...] =, or a method whose name ends in _? What
    could it write into instead?
    """
    return _without(record, "input:")


@habit("train or eval mode is not as it was")
def _mode(record: Record, _right: Answer) -> Answer | None:
    """In which mode was the model before your function ran, and in which is it afterwards? Who else uses it?"""
    return _without(record, "mode")


@habit("gradients that others stored are wiped")
def _gradients(record: Record, _right: Answer) -> Answer | None:
    """Whose are the gradients in the model's parameters, and who may set them to zero? Which of your lines does?"""
    return _without(record, "gradients")


@habit("something is left on the model")
def _attributes(record: Record, _right: Answer) -> Answer | None:
    """What does the model hold after your function that it did not hold before? Could that be a plain variable?"""
    return _without(record, "attributes")


@habit("gradients are switched off for good")
def _grad_mode(record: Record, _right: Answer) -> Answer | None:
    """Does code that runs after your function still record gradients? What switches that off just for a while?"""
    return _without(record, "grad_mode")


@habit("a seed inside the function")
def _seed(record: Record, _right: Answer) -> Answer | None:
    """Which random numbers does other code draw after your function has run? Which of your lines sets a seed?"""
    return _without(record, "seed")


@habit("axes of size one are dropped")
def _dropped(record: Record, right: Answer) -> Answer | None:
    """What is the shape of your result if an axis counts a single thing? Which call (squeeze, flatten, an index) takes
    such an axis away?
    """
    return _reshaped(record, right, -1)


@habit("an axis of size one too many")
def _added(record: Record, right: Answer) -> Answer | None:
    """How many axes has your result, and how many were asked for? Where does that of size 1 come from: keepdim, None,
    unsqueeze, brackets?
    """
    return _reshaped(record, right, 1)


def _reshaped(record: Record, right: Answer, sign: int) -> Answer | None:
    """The answer in the right shape, if only axes of size one are too few (-1) or too many (1), in a pair of any."""
    mine, exact = record.answer.result, right.result
    mended: Value | None
    if isinstance(mine, Many) and isinstance(exact, Many) and len(mine.items) == len(exact.items):
        pairs = list(zip(mine.items, exact.items, strict=True))
        items = [one if _same_shape(one, other) else _shaped(one, other, sign) for one, other in pairs]
        whole = [item for item in items if item is not None]
        other_shape = not all(_same_shape(*pair) for pair in pairs)
        mended = replace(mine, items=whole) if other_shape and len(whole) == len(items) else None
    else:
        mended = _shaped(mine, exact, sign)
    if mended is not None and record.call.cotangents is not None:  # no gradient is taken of a result of another shape
        return EXCUSED
    return None if mended is None else replace(record.answer, result=mended)


def _same_shape(mine: Value, exact: Value) -> bool:
    return isinstance(mine, Leaf) and isinstance(exact, Leaf) and mine.array.shape == exact.array.shape


def _shaped(mine: Value, exact: Value, sign: int) -> Value | None:
    """An array in the shape of the right one, if it lacks (-1) or adds (1) axes of size one."""
    if not (isinstance(mine, Leaf) and isinstance(exact, Leaf)):
        return None
    shape, wanted = mine.array.shape, exact.array.shape
    plain = [[size for size in of if size != 1] for of in (shape, wanted)]
    if plain[0] != plain[1] or sign * (len(shape) - len(wanted)) <= 0:
        return None
    return replace(mine, array=mine.array.reshape(wanted))


@habit("the gradient to an input is cut off")
def _cut(record: Record, right: Answer) -> Answer | None:
    """Through which of your lines does the gradient reach each input? Is there a detach, an .item(), a no_grad or .data
    on the way?
    """
    mine = record.answer
    if record.call.cotangents is None or not alike(mine.result, right.result):
        return None
    pairs = zip(mine.gradients, right.gradients, strict=True)
    return right if all(isinstance(g, Odd) or alike(g, exact) for g, exact in pairs) else None


@habit("a layer or loss that is made, not called")
def _made(record: Record, right: Answer) -> Answer | None:
    """A class of torch.nn is called twice: once to make a layer, once to use it. What is in your brackets: the settings
    of a layer, or what should go through it?
    """
    error = record.answer.error
    if not error:
        return None
    layer = re.search(r"\bnn\.[A-Z]\w+\((?![)\s]*\))", error.get("text") or "")
    unused = re.search(r"must be Tensor, not [A-Z]\w+$|__init__\(\) takes \d", error["message"])
    operand = re.search(r"unsupported operand .*'(\w+Loss|ReLU|Sigmoid|Tanh|Softmax)'", error["message"])
    asked = layer and error["message"].startswith("Boolean value of Tensor")
    return right if error["type"] in ("TypeError", "RuntimeError") and (unused or operand or asked) else None


@habit("a size of the lesson's models is written down")
def _fixed_size(record: Record, right: Answer) -> Answer | None:
    """Every function works for any sizes. Which number in your line is a size of this lesson's images or codes, and
    where else could you read it?
    """
    error = record.answer.error
    shape = re.match(r"shape '\[(.*)\]' is invalid for input of size", error["message"]) if error else None
    text = (error.get("text") or "") if error else ""
    sizes = re.findall(r"\d{2,}|[2-9]", shape[1]) if shape else []
    return right if any(re.search(rf"\b{size}\b", text) for size in sizes) else None


@habit("other parameters than the starter's")
def _signature(record: Record, right: Answer) -> Answer | None:
    """Compare your line that begins with `def` with the starter's: are all parameters there, in their order, by their
    names? Whoever calls your function relies on them.
    """
    error, name = record.answer.error, record.call.function.rpartition(".")[2]
    if not error or error["type"] != "TypeError" or error.get("line"):
        return None
    said = rf"({re.escape(record.call.function)}|{re.escape(name)})\(\) (got an unexpected|takes|missing|got multiple)"
    return right if re.match(said, error["message"]) else None
