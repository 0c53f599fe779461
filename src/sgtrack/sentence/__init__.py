"""Reads what an officer writes in plain sentences into activities."""
