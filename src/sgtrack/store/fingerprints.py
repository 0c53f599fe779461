"""The versions of the schema with their fingerprints, the oldest first.

Written by scripts/make_schema.py, so that opening a ledger reads no SQL file.
"""

# fmt: off
VERSIONS: tuple[tuple[str, str], ...] = (
    ("0001_first_schema", "14c683e7fcf561e4"),
)
