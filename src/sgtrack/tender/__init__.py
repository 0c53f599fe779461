"""From a tender document to a proposed target file."""
