"""Parsing and checking of typed input: amounts, dates, texts and whole activities."""
