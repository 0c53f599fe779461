"""Reading a sentence of a report by rules: what was done, when, where and how much."""
