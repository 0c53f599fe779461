"""What the officer sees in the terminal. Nothing here computes a figure."""
