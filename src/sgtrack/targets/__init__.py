"""Reads target files (YAML) into validated, frozen contracts."""
