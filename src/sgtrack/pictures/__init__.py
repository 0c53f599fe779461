"""Charts and photos for documents."""
