"""The library that lessons, figures and exercises stand on; import its modules by name."""

__version__ = "0.1.0"
