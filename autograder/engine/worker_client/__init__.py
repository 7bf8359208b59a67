"""The grader's side of the pipe: starts worker processes, talks to them, ends them. It runs no student's code."""
