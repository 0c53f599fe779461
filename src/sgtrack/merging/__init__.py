"""Writes bundles, merges other ledgers into this one, and reconciles redacted records."""
