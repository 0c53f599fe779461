"""A Word template that is filled by docxtpl, without what it does in vain."""

from __future__ import annotations

from docxtpl import DocxTemplate

_BREAKS = "\n\t\a\f"
"""What docxtpl replaces by Word's line breaks, tabs, and ends of paragraphs and pages."""
_END = "</w:p>"


class WordTemplate(DocxTemplate):  # type: ignore[misc]
    """A template in which breaks are only looked for in paragraphs that have one.

    docxtpl itself searches every run of a document, which took it as long as all the rest.
    """

    def resolve_listing(self, xml: str) -> str:
        """The same document, with breaks as Word has them."""
        there = [sign for sign in _BREAKS if sign in xml]
        *paragraphs, rest = xml.split(_END)
        resolved = [paragraph + _END for paragraph in paragraphs]
        for n, paragraph in enumerate(resolved):
            if any(sign in paragraph for sign in there):
                resolved[n] = super().resolve_listing(paragraph)
        return "".join([*resolved, rest])
