"""What keeps residents' names with the officer: hiding, forgetting, sealing, and who may read."""
