"""The worker's side of the pipe: what runs in a process beside the student's code. Nothing else here imports torch."""
