"""What a worker's process gives up for good before a student's code runs in it.

The worker raises these walls; the grader, which makes the plan of each worker, cleans up behind it and tries the walls,
reads their limits. Since both sides use it, this folder belongs to neither.
"""
