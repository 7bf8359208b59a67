"""What belongs to a submission: its own files, read on the grader's side and handed to a worker, and nothing else."""
