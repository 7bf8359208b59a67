"""Some seconds of what `python -m tests.course.hammer_store` does for minutes."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_nothing_acknowledged_is_lost_while_processes_are_killed() -> None:
    program = [sys.executable, "-m", "tests.course.hammer_store", "--seconds", "6", "--processes", "4"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 failed, 0 lost" in done.stdout
    assert not done.stdout.startswith("0 saved")
