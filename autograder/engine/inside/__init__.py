"""What runs inside a worker, beside the student's code. Nothing else in the grader may import torch."""
