"""Where pytest and the engine meet, behind the hooks of `conftest.py`: one run, and its reporter."""
