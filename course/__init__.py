"""The library that lessons, figures and exercises stand on. Import its modules by name: `from course import patterns`."""

__version__ = "0.1.0"
