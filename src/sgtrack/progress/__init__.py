"""Pure functions that compare tallies of activities with the indicators of a contract."""
