"""Checks of entries, evidence, the contract and the ledger for what an evaluator may question."""
