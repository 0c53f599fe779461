"""Privacy: replaces names in a whole workspace, and encrypts files."""
