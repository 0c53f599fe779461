"""Plans the fewest activities that complete a contract, and the months in which they take place."""
