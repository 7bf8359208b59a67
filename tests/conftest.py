"""One thread for torch, here and in every program that a test starts: plain `pytest` costs what `make test` costs."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before anything imports torch
