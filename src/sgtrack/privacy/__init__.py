"""Replaces a name in a whole workspace, and encrypts files."""
