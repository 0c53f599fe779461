"""Makes and restores backups of the ledger, and recovers records from a damaged ledger."""
