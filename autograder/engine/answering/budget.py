"""What all calls to one submission may take together: seconds, and the memory of answers that are kept.

A deadline bounds one call. Answers just before each deadline would add up without end, and so would large ones, which
are kept until mistakes are named.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.engine.worker_client.limits import Death, Limits

__all__ = ["Budget"]

PART, FILE = (3, 1), (10, 2)  # deadlines of a call, and of loading, that a part and a file may take
PART_BYTES, FILE_BYTES = 128 * 1024 * 1024, 256 * 1024 * 1024


@dataclass
class _Spent:
    seconds: float = 0.0
    bytes: int = 0


class Budget:
    """Counts what was spent on each part and on the whole file. Nothing is left of one that is spent."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._file = _Spent()
        self._parts: dict[str, _Spent] = {}

    def left(self, part: str) -> float:
        """The seconds that the next call for this part may take."""
        ends = ((self._of(part), PART), (self._file, FILE))
        left = (c * self._limits.call + n * self._limits.load - spent.seconds for spent, (c, n) in ends)
        return min(self._limits.call, *left)

    def end(self, part: str) -> Death | None:
        """Why no call may follow for this part, if none may."""
        for spent, size, name in ((self._of(part), PART_BYTES, "part"), (self._file, FILE_BYTES, "file")):
            if spent.bytes > size:
                return Death("large", f"gave too much: all answers of this {name} hold {spent.bytes >> 20} MB together")
        if self.left(part) > 0:
            return None
        both = f"{self._of(part).seconds:.0f} seconds for this part and {self._file.seconds:.0f} for this file"
        return Death("slow", f"was too slow: all calls together took {both}")

    def spend(self, part: str, seconds: float, size: int = 0) -> None:
        """Counts what a call took."""
        for spent in (self._of(part), self._file):
            spent.seconds += seconds
            spent.bytes += size

    def _of(self, part: str) -> _Spent:
        return self._parts.setdefault(part, _Spent())
