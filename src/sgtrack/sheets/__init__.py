"""Excel and CSV files in both directions."""
