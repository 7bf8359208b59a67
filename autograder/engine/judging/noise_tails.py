"""Whether noise scatters as independent numbers from N(0, 1) do: with tails, and never evenly.

The chances are bounded as in `moments.py`, by Chernoff's bound on a share of independent events.
"""

from __future__ import annotations

import math

import numpy as np

from autograder.engine import wire

__all__ = ["has_tails", "is_too_even"]

TAILS = (1.01, 2.01, 2.51, 3.01)  # beyond round numbers, at which noise may have been cut off
NEAR, AT_MOST = 0.1, 0.12  # the chance that a mean or mean square is nearer to its right value than 0.1 of its spread
ENOUGH = 20  # numbers for a mean square


def has_tails(values: wire.Array, count: float, rare: float) -> bool:
    """Whether as many numbers as in N(0, 1) are far from 0. They are worth `count` independent ones."""
    for limit in TAILS:
        right = math.erfc(limit / math.sqrt(2))
        if count * _divergence(float(np.mean(np.abs(values) > limit)), right) > rare + math.log(len(TAILS)):
            return False
    return True


def is_too_even(values: wire.Array, axis: int, means: bool, rare: float) -> bool:
    """Whether mean squares along an axis, or means, are all but equal: that is no luck, they were made so."""
    count = values.shape[axis]
    if count < ENOUGH:
        return False
    spreads = [(np.square(values).mean(axis) - 1) * math.sqrt(count / 2)]
    spreads += [values.mean(axis) * math.sqrt(count)] if means else []
    return any(_share_of_near(spread) for spread in spreads if spread.size / 2 * _divergence(0.5, AT_MOST) > rare)


def _share_of_near(spread: wire.Array) -> bool:
    centre = np.median(spread)  # a correction by 1 / (n - 1) shifts them all
    return bool(abs(centre) < 0.5 and np.mean(np.abs(spread - centre) < NEAR) > 0.5)


def _divergence(share: float, right: float) -> float:
    """How surprising a share of events is where another is right, in nats an event."""
    pairs = ((share, right), (1 - share, 1 - right))
    return sum(seen * math.log(seen / chance) for seen, chance in pairs if seen > 0)
