"""Drafts a target file from a tender document."""
