"""Processes that run one file each: their start, the conversation with them, their end."""
