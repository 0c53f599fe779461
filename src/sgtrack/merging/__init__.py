"""Several ledgers in one: bundles, merging, and what the ledgers do not agree on."""
