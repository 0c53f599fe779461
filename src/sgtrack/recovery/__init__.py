"""Backups of the ledger, and the way back from damage."""
