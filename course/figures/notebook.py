"""What pyplot draws in a notebook, in the look of the lessons' figures."""

from __future__ import annotations

import matplotlib as mpl
from cycler import cycler

from course.figures.style import PHONE, SMALL, colours

__all__ = ["use_course_style"]


def use_course_style() -> None:
    """From here on pyplot has the colours of the course, on white, and figures as wide as a phone.

    The site turns white and black around on a dark page.
    """
    mpl.rcParams.update({
        "axes.prop_cycle": cycler(color=[colours("light")[i] for i in (1, 0, 2, 3)]), "axes.titlesize": 10,
        "figure.constrained_layout.use": True, "figure.figsize": (PHONE, 2.8),
        "font.size": SMALL, "legend.frameon": False,
    })  # fmt: skip
