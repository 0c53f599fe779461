"""The month's brief: one context, composed from progress and entries, for every format."""
