"""Draws charts and prepares photos for documents."""
