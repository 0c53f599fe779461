"""Merging of ledgers: writes bundles, checks and adds other ledgers, reconciles redactions."""
