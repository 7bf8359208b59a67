"""What every test and every program that a test starts may rely on.

One thread for torch, so that plain `pytest` costs what `make test` costs; and Ctrl-C, which a shell turns off in what
it starts in the background.
"""

import os
import signal

os.environ["OMP_NUM_THREADS"] = "1"  # before anything imports torch
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
