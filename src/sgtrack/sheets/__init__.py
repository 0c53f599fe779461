"""Reads and writes Excel and CSV files."""
