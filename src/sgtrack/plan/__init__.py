"""Plans the smallest set of activities that completes a contract, month by month."""
