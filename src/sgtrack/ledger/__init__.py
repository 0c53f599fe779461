"""The ledger: appends records and reads them; nothing is overwritten."""
