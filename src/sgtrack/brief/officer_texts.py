"""The officer's own texts of a brief or report, in a plain Markdown file beside the briefs.

The file has one heading for each text. sgtrack makes it once and never changes it afterwards. The
file of a month begins with the texts of the last month as quoted lines, which are not printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BRIEF_SECTIONS = {
    "特色亮点": "本月值得一提的做法和成效",
    "原因分析": "指标滞后、逾期的原因和打算；写成“10.1：原因”，就跟在这一项后面",
    "感谢及其他": "对支持单位的感谢，其他要说明的事",
}
"""The headings for a brief in their order, each with a hint."""
REPORT_SECTIONS = {
    "主要成效": "服务带来的变化，可举典型事例",
    "经验做法": "值得推广的做法",
    "原因分析": "指标滞后、逾期的原因",
    "结论": "对项目执行情况的总体结论",
    "下一步建议": "后续工作安排，对合同双方的建议",
}
"""The headings for a report in their order, each with a hint."""
_HINT = ">"


@dataclass(frozen=True, slots=True)
class OfficerTexts:
    """The paragraphs under each heading.

    ``unknown`` has the lines that stand under another heading, or above the first one.
    """

    paragraphs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def under(self, heading: str) -> tuple[str, ...]:
        """Return the paragraphs under a heading."""
        return self.paragraphs.get(heading, ())


def new_file(
    title: str, document: str, sections: Mapping[str, str], last: OfficerTexts | None = None
) -> str:
    """Return the content of a new file, in which all lines but the headings are hints.

    Args:
        title: the title of the file.
        document: the kind of document, 简报 or 报告.
        sections: the headings, each with a hint.
        last: the texts of the month before, which become quoted lines; None for a report.
    """
    quoted = "或上月的文字" if last else ""
    head = (
        f"# {title}\n\n{_HINT} 写在各标题下的文字编入{document}；"
        f"以“{_HINT}”开头的行是说明{quoted}，不编入。\n"
    )
    if last:
        head += f"{_HINT} 要沿用上月的文字，删掉行首的“{_HINT}”再修改。\n"
    parts = [head]
    for name, hint in sections.items():
        earlier = last.under(name) if last else ()
        lines = "".join(f"{_HINT} {line}\n" for line in earlier)
        start = f"{_HINT} 上月：\n{lines}" if earlier else ""
        parts.append(f"## {name}\n\n{_HINT} {hint}（写在下一行）\n{start}")
    return "\n".join(parts)


def parse_texts(content: str, sections: Mapping[str, str]) -> OfficerTexts:
    """Assign each line to the heading above it; hints and quoted lines are left out."""
    paragraphs: dict[str, list[str]] = {}
    unknown: list[str] = []
    name = ""
    is_title_read = False
    for line in content.splitlines():
        text = line.strip()
        if text.startswith("#"):
            name = text.lstrip("#").strip()
            is_title = text.startswith("# ") and not is_title_read and name not in sections
            is_title_read = True
            if name not in sections and not is_title:
                unknown.append(text)
        elif text and not text.startswith(_HINT):
            (paragraphs.setdefault(name, []) if name in sections else unknown).append(text)
    return OfficerTexts({key: tuple(lines) for key, lines in paragraphs.items()}, tuple(unknown))
