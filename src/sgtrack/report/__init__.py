"""The reports for the evaluator and the county, the status page, and the training records."""
