"""The use cases of the commands: each reads one snapshot, writes at most once, returns a result."""
