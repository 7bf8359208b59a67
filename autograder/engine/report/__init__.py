"""What is said about verdicts: to a student, and to Gradescope."""

from autograder.engine.report.gradescope import results, write_results
from autograder.engine.report.text import clean, escape_missing_letters, line, message, next_thing, points

__all__ = ["clean", "escape_missing_letters", "line", "message", "next_thing", "points", "results", "write_results"]
