"""Appends, reads, verifies and redacts the records of the ledger."""
