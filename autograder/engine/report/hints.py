"""The ladder of hints: each call shows the next rung, the last rung is still not the solution."""

from __future__ import annotations

from autograder.engine.catalogue import Part

__all__ = ["rung"]


def rung(part: Part, reached: int) -> tuple[list[str], int]:
    """The lines to print, and how many rungs are known from now on."""
    title = f"{part.number} {part.title}"
    if reached < len(part.hints):
        head = f"Hint {reached + 1} of {len(part.hints)} for {title}"
        more = "Ask again for the next one." if reached + 1 < len(part.hints) else f"The lesson: {part.link}"
        return [head, "", part.hints[reached].replace("``", "`"), "", more], reached + 1
    lines = [f"You have seen all {len(part.hints)} hints for {title}; here they are again.", ""]
    lines += [f"{index}. {hint.replace('``', '`')}" for index, hint in enumerate(part.hints, 1)]
    return [*lines, "", f"Take your time, and read the section once more: {part.link}"], reached
