"""Evidence: files that prove activities, stored in the workspace under their SHA-256."""
