"""The dossier for the evaluator: every claimed number, its entries and their files, in one zip."""
