"""What the grader and a worker say to each other."""

from __future__ import annotations

__all__ = ["CHANNEL_LOST"]

CHANNEL_LOST = 86  # exit code of a worker: the pipe broke while an answer was sent
