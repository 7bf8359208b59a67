"""Whether the walls that stand are enough for a student's code to run at all.

Each wall may be missing somewhere, and mostly others do its work. Where none does, so that a submission could read
what only root may, or stop the grader and other programs, no worker starts.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

__all__ = ["TRUST", "Lacking", "must_be_enough"]

TRUST = "LATENT_COURSE_TRUST"  # set by whoever grades only code of their own
PLACES = "Python, its libraries and this course"
ELSEWHERE = (
    "grade where `latent-course doctor` finds no base wall missing, or in a container of its own for each hand-in"
)


class Lacking(Exception):
    """The walls are not enough; the text says which are missing, why, and what to do."""


def must_be_enough(standing: Mapping[str, str], root: bool, keeps_reading: bool, trusts: bool) -> None:
    """Raises Lacking unless what stands keeps root's files and other processes out of reach.

    `root` says who started the worker, `keeps_reading` whether it kept root's right to read. Who `trusts` the
    submission may do without the second; never without the first, which would show the student everything.
    """
    if sys.platform != "linux":
        return
    missing = {name for name, why in standing.items() if why}
    nobody = root and not missing & {"user", "privileges"}
    if root and "files" in missing and keeps_reading:
        todo = f"{PLACES} must lie where others can read, as below /opt: in root's home they need the wall `files`"
        raise Lacking(_in_words(("files",), standing, "a submission could read whatever root can", todo))
    if root and "files" in missing and not nobody:
        needed = ("user", "privileges", "files")
        raise Lacking(_in_words(needed, standing, "a submission could read whatever root can", ELSEWHERE))
    if not nobody and not trusts and {"namespaces", "calls"} <= missing:
        todo = f"{ELSEWHERE}; if the code is your own, set {TRUST}=1"
        raise Lacking(_in_words(("calls", "namespaces"), standing, "a submission could stop other programs", todo))


def _in_words(names: tuple[str, ...], standing: Mapping[str, str], danger: str, todo: str) -> str:
    reasons = "; ".join(f"{name} ({standing[name]})" for name in names if standing[name])
    return f"{danger}, for walls are missing: {reasons}. {todo}"[:380]
