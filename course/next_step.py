"""What a reader can do next, by what lies where they are: for `latent-course` without a command."""

from __future__ import annotations

from pathlib import Path

__all__ = ["next_step"]


def next_step(folder: Path) -> str:
    """One sentence with a command: train first, then look at what was trained, or check exercises that lie here."""
    steps = []
    if sorted(folder.glob("exercises/*_starter.py")):
        steps.append("the exercises are in exercises/: solve a part, then pytest autograder checks it")
    weights = [path for path in sorted(folder.glob("*.safetensors")) if path.with_suffix(".json").is_file()]
    if weights:
        newest = max(weights, key=lambda path: path.stat().st_mtime)
        steps.append(f"latent-course explore {newest} lets you touch what you have trained")
    else:
        steps.append("latent-course train makes a model in a few seconds, here, and says what to do with it")
    return "Next: " + "; or ".join(steps) + "."
