"""One use case a command: read one snapshot, call pure rules, write once, return a result."""
