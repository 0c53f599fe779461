"""What an evaluator would object to: findings over entries, evidence and names. Pure functions."""
