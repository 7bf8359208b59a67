"""What a worker's process gives up for good before a student's code runs in it."""
