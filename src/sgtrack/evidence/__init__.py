"""Evidence: files that prove activities, kept in the workspace by their content."""
