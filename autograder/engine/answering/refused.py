"""What the grader does not allow, in words: no fault of the code that asks for it, which may be right elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.engine.verdicts import Blocked

__all__ = ["GRADER", "refusal", "refused_in", "refused_silently"]

GRADER = "the grader"  # blocks such a part
ALLOWS_NO = {
    "programs": ("other programs", "catch FileNotFoundError, or do without"),
    "processes": ("further processes", "do without them, as with num_workers=0"),
    "network": ("network", "hand in the file that you load, and open it as Path(__file__).parent / 'its name'"),
    "files": ("files outside of your own folder", "open them as Path(__file__).parent / 'the name'"),
    "modes": ("other modes, owners or times of files", "leave them as they are"),
    "place": ("relative names of files", "open it as Path(__file__).parent / 'its name'"),
    "keyboard": ("keyboard", "remove what waits for you to type: breakpoint(), pdb.set_trace(), input()"),
    "gpu": ("GPU", "use one only where torch.cuda.is_available() says that there is one"),
    "windows": ("windows", "leave out matplotlib.use(...); savefig writes a figure"),
}


def refusal(kind: str, got: str) -> Blocked:
    """A part that cannot be judged, because the walls refused something that its code asks for."""
    what, instead = ALLOWS_NO.get(kind, ("such thing", "do without it"))
    return Blocked(GRADER, f"the grader allows no {what} here; your code may be right: {instead}. Got {got}")


def refused_silently(words: Iterable[str]) -> str:
    """What to say beside a verdict about code that was refused something, and went on; nothing if it was not."""
    whats = [ALLOWS_NO[word][0] for word in sorted(set(words)) if word in ALLOWS_NO]
    if not whats:
        return ""
    return f"your code asked for what the grader does not allow ({', '.join(whats)}) and went on without it"


def refused_in(problem: Any) -> str:
    """The word for what was refused, in what a worker says of an error; it may say anything."""
    word = problem.get("refused") if isinstance(problem, dict) else None
    return word if isinstance(word, str) else ""
