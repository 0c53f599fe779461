"""The ledger: what the officer entered, only ever added to, in one SQLite file."""
