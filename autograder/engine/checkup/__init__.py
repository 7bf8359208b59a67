"""Whether the walls hold on this machine: real attempts in real workers."""
