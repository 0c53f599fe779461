"""The officer's own texts of a report, in a plain Markdown file beside the briefs.

The file has one heading for each text. sgtrack makes it once and never changes it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

SECTIONS = {
    "主要成效": "服务带来的变化，可举典型事例",
    "经验做法": "值得推广的做法",
    "原因分析": "指标滞后、逾期的原因",
    "结论": "对项目执行情况的总体结论",
    "下一步建议": "后续工作安排，对合同双方的建议",
}
"""The headings of the file in their order, each with a hint."""
_HINT = ">"


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """The paragraphs under each heading of ``SECTIONS``, and what could not be assigned."""

    paragraphs: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...] = ()


def empty_file(title: str) -> str:
    """Return the content of a file without texts; lines that begin with > are only hints."""
    hints = (f"## {name}\n\n{_HINT} {hint}（写在下一行）\n" for name, hint in SECTIONS.items())
    head = f"# {title}\n\n{_HINT} 写在各标题下的文字编入报告；以“{_HINT}”开头的行是说明，不编入。\n"
    return "\n".join([head, *hints])


def parse_texts(content: str) -> ReportTexts:
    """Assign each paragraph to the heading above it.

    Paragraphs under another heading, or above the first one, are returned as ``unknown``.
    """
    paragraphs: dict[str, list[str]] = {name: [] for name in SECTIONS}
    unknown: list[str] = []
    name = ""
    for number, line in enumerate(content.splitlines()):
        text = line.strip()
        if text.startswith("#"):
            name = text.lstrip("#").strip()
            if name not in SECTIONS and number:
                unknown.append(name)
        elif text and not text.startswith(_HINT):
            paragraphs.get(name, unknown).append(text)
    return ReportTexts({name: tuple(lines) for name, lines in paragraphs.items()}, tuple(unknown))
