"""The types every part speaks of, without input or output."""
