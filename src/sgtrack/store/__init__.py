"""Connects to ledgers in SQLite and PostgreSQL, and defines and upgrades their schema."""
