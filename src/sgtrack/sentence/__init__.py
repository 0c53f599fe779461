"""Reads activities from sentences that an officer writes."""
