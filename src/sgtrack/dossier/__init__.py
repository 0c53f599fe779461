"""The dossier for the evaluator: one zip with every figure, its entries and their files."""
