"""Target files: what a contract asks for, read from YAML into validated, frozen objects."""
