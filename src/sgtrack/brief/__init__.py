"""The monthly brief: compose its texts, and render them as Markdown, Word and HTML."""
