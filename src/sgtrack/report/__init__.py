"""The mid-term and the final report, and the training record, composed from the same figures."""
