"""How far the contract is fulfilled: tallies held against indicators at a date. Pure functions."""
