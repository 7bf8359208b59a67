"""Names of files and classes as they can be printed."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

__all__ = ["counted", "listed", "shown"]

_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")  # control characters, what is no UTF-8, ends of lines and paragraphs
_LONGEST = 200


def shown(text: str | Path) -> str:
    """A path or a name in one line that can be printed everywhere: what cannot be becomes a question mark."""
    return "".join("?" if unicodedata.category(sign) in _UNPRINTABLE else sign for sign in os.fspath(text))


def listed(names: Iterable[object], count: int = 6) -> str:
    """The first few names, each cut where it is very long."""
    words = [shown(str(name)) for name in names]
    first = [word if len(word) <= _LONGEST else f"{word[: _LONGEST // 2]}...{word[-80:]}" for word in words[:count]]
    return ", ".join(first) + (f" and {len(words) - count} more" if len(words) > count else "")


def counted(count: int, what: str) -> str:
    """A number of things that have a regular plural: 1 picture, 2 pictures."""
    return f"{count} {what}{'' if count == 1 else 's'}"
