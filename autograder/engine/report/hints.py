"""The ladder of hints: each call shows the next rung, the last rung is still not the solution."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from autograder.engine.catalogue import Part

__all__ = ["next_rung"]


def next_rung(part: Part, course: Path) -> list[str]:
    """The lines to print for a part.

    How many hints were shown is remembered in the folder `course`, so that `watch` and `--hint` go on where the other
    one was; where nothing can be written there, each begins with the first.
    """
    memory = course / ".latent-course" / "hints.json"
    seen = _seen(memory)
    lines, reached = _rung(part, seen.get(part.number, 0))
    with suppress(OSError):
        memory.parent.mkdir(exist_ok=True)
        memory.write_text(json.dumps({**seen, part.number: reached}), encoding="utf-8")
    return lines


def _rung(part: Part, reached: int) -> tuple[list[str], int]:
    """What to say, and how many rungs are known from now on."""
    title = f"{part.number} {part.title}"
    if reached < len(part.hints):
        head = f"Hint {reached + 1} of {len(part.hints)} for {title}"
        more = "Ask again for the next one." if reached + 1 < len(part.hints) else f"The lesson: {part.link}"
        return [head, "", part.hints[reached].replace("``", "`"), "", more], reached + 1
    lines = [f"You have seen all {len(part.hints)} hints for {title}; here they are again.", ""]
    lines += [f"{index}. {hint.replace('``', '`')}" for index, hint in enumerate(part.hints, 1)]
    return [*lines, "", f"Take your time, and read the section once more: {part.link}"], reached


def _seen(memory: Path) -> dict[str, int]:
    """How many hints of each part were shown; none where the file is missing, or is not what we wrote."""
    try:
        found = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    counts = found.items() if isinstance(found, dict) else ()
    return {number: count for number, count in counts if isinstance(count, int) and count >= 0}
