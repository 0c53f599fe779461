"""Composes the texts of monthly briefs, and renders them as Markdown, Word and HTML."""
