"""The grader of the course: `pytest autograder` checks the exercises and explains what it finds."""

__all__ = ["__version__"]

__version__ = "0.1.0"
