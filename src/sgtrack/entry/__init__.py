"""Parses what the officer types: amounts, dates, texts, and the activity they describe."""
