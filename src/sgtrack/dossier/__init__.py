"""The dossier for the evaluator: a zip file with all evidence and an index of the figures."""
