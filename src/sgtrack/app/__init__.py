"""The use cases of the commands. Each reads one snapshot, and returns a result."""
