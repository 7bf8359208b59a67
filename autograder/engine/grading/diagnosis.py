"""Names a mistake: which known wrong code gives the student's answers?

A name is given only if that code agrees with the student on every call, differs from the right answer on at least two
probes, and no other known mistake does the same. Where two mistakes meet, one may be named from the check that is
shown; from its gradients alone only if no right value speaks against it. Otherwise the gap speaks for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.records import Record
from autograder.engine.calls import Answer
from autograder.engine.judging.comparison import alike
from autograder.engine.verdicts import Mistake, Wrong

__all__ = ["diagnose", "observed"]

PROBES = 2


def observed(record: Record, answer: Answer) -> Any:
    """What is seen of an answer to a record's call; a failed one is seen as its error, a rejected one as the reason."""
    if answer.error:
        return ["error", answer.error["type"], _unordered(answer.error["message"])]
    try:
        return record.look(record.call, answer)
    except Wrong as wrong:
        return ["rejected", wrong.expected, wrong.got]


def _unordered(message: str) -> str:
    """A message of torch's without the order of two tensors whose sizes do not fit: a + b and b + a fail alike."""
    found = re.match(r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)", message)
    return f"sizes {sorted(found.groups())}{message[found.end() :]}" if found else message


def diagnose(
    part: str, records: list[Record], oracle: Oracle, others: Sequence[Record] | None = None
) -> Mistake | None:
    """The one mistake that explains all the answers, or None.

    `others`, where it is given, are answers that it need not explain, because a second mistake may stand behind them.
    Then what is seen in words only, which different mistakes share more easily than numbers, tells nothing. And where
    only gradients were asked for, which a right value can have lost, the mistake must not spoil a right value.
    """
    if len({record.call.probe for record in records}) < PROBES:
        return None
    seen = [observed(record, record.answer) for record in records]
    right = [observed(record, oracle(record.call).rounded) for record in records]
    if others is not None:
        right = [mine if _is_words(mine) else correct for mine, correct in zip(seen, right, strict=True)]
    fitting = [mistake for mistake in oracle.mistakes(part) if _fits(mistake, records, seen, right, oracle)]
    if len(fitting) != 1:
        return None
    only_gradients = all(record.call.cotangents is not None for record in records)
    return None if only_gradients and _spoils(fitting[0], others or [], oracle) else fitting[0]


def _spoils(mistake: Mistake, records: Sequence[Record], oracle: Oracle) -> bool:
    """Whether the student has an answer right that this mistake gets wrong."""
    for record in records:
        correct = observed(record, oracle(record.call).rounded)
        theirs = observed(record, oracle.mistaken(mistake, record.call))
        if alike(observed(record, record.answer), correct) and not alike(theirs, correct):
            return True
    return False


def _is_words(seen: Any) -> bool:
    return isinstance(seen, str) or (isinstance(seen, (list, tuple)) and all(map(_is_words, seen)))


def _fits(mistake: Mistake, records: list[Record], seen: list[Any], right: list[Any], oracle: Oracle) -> bool:
    telling = set()
    for record, mine, correct in zip(records, seen, right, strict=True):
        theirs = observed(record, oracle.mistaken(mistake, record.call))
        if not alike(mine, theirs):
            return False
        if not alike(correct, theirs):
            telling.add(record.call.probe)
    return len(telling) >= PROBES
