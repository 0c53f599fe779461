"""Checks that find what an evaluator may question in entries, evidence, contract and ledger."""
