"""The officer's own texts of a month's brief, in a plain Markdown file beside the briefs.

The file has one heading for each text. sgtrack makes it once and never changes it afterwards. It
begins with the texts of the last month as quoted lines, which are not printed.
"""

from __future__ import annotations

from dataclasses import dataclass

SECTIONS = {
    "特色亮点": "本月值得一提的做法和成效",
    "原因分析": "指标滞后、逾期的原因和打算",
    "感谢及其他": "对支持单位的感谢，其他要说明的事",
}
"""The headings of the file in their order, each with a hint."""
_HINT = ">"


@dataclass(frozen=True, slots=True)
class BriefTexts:
    """The paragraphs under each heading.

    ``unknown`` has the lines that stand under another heading, or above the first one.
    """

    highlights: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[tuple[str, ...], ...]:
        """The paragraphs of each section, in the order of ``SECTIONS``."""
        return (self.highlights, self.causes, self.closing)


def new_file(title: str, last: BriefTexts) -> str:
    """Return the content of a new file; ``last`` are the texts of the month before."""
    parts = [
        f"# {title}\n\n{_HINT} 写在各标题下的文字编入简报；以“{_HINT}”开头的行是说明或上月的文字，"
        f"不编入。\n{_HINT} 要沿用上月的文字，删掉行首的“{_HINT}”再修改。\n"
    ]
    for (name, hint), earlier in zip(SECTIONS.items(), last.paragraphs, strict=True):
        quoted = "".join(f"{_HINT} {line}\n" for line in earlier)
        start = f"{_HINT} 上月：\n{quoted}" if earlier else ""
        parts.append(f"## {name}\n\n{_HINT} {hint}（写在下一行）\n{start}")
    return "\n".join(parts)


def parse_texts(content: str) -> BriefTexts:
    """Assign each line to the heading above it; hints and quoted lines are left out."""
    sections: dict[str, list[str]] = {name: [] for name in SECTIONS}
    unknown: list[str] = []
    name = ""
    is_title_read = False
    for line in content.splitlines():
        text = line.strip()
        if text.startswith("#"):
            name = text.lstrip("#").strip()
            is_title = text.startswith("# ") and not is_title_read and name not in SECTIONS
            is_title_read = True
            if name not in SECTIONS and not is_title:
                unknown.append(text)
        elif text and not text.startswith(_HINT):
            sections.get(name, unknown).append(text)
    highlights, causes, closing = (tuple(lines) for lines in sections.values())
    return BriefTexts(highlights, causes, closing, tuple(unknown))
