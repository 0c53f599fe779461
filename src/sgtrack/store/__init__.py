"""Where a ledger lies: connections, the schema, migrations and batched statements."""
