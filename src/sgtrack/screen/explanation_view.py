"""Shows how the figures of an item are counted, on the screen and as JSON."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.app.status import ExplainedItem
from sgtrack.model.entries import short_id
from sgtrack.model.units import number, plain
from sgtrack.progress.explanation import Explanation
from sgtrack.progress.progress_wording import STATE_ON_SCREEN, actual_words, target_words
from sgtrack.screen.console import Paragraph, grid, percent_words, right


def explanation_sheet(page: ExplainedItem) -> RenderableType:
    """Show for each indicator of an item the figure, the counting rule and the entries."""
    project, item = page.project, page.item
    parts: list[RenderableType] = [
        Text(f"{project.full_name}  {item.code} {item.name}  截至 {page.as_of}", style="bold"),
        Paragraph(f"合同原文：{project.clauses[item.clause].text}", style="dim"),
    ]
    for progress, explanation in page.indicators:
        parts += [
            "",
            Text(
                f"目标 {target_words(progress.indicator)}，现有 {actual_words(progress)}，"
                f"完成率 {percent_words(progress.percent)}，{STATE_ON_SCREEN[progress.state]}",
                style="bold",
            ),
            Paragraph(f"计算方法：{explanation.rule}"),
            _lines(explanation),
        ]
    return Group(*parts)


def _lines(explanation: Explanation) -> RenderableType:
    if not explanation.lines:
        return Text("还没有记录", style="dim")
    table = grid("日期", "编号", Column("标题"), right("计入"), right("累计"), Column("说明"))
    running = explanation.carried
    if explanation.earlier:
        table.add_row(
            "更早", "", f"{explanation.earlier} 条（-n 0 列出全部）", "", plain(running), ""
        )
    for line in explanation.lines:
        running += line.counted
        table.add_row(
            line.entry.activity.day.isoformat(),
            short_id(line.entry.id),
            line.entry.activity.title,
            plain(line.counted),
            plain(running),
            line.remark,
        )
    return table


def explanation_json(page: ExplainedItem) -> dict[str, Any]:
    """Return an explained item as JSON values."""
    return {
        "community": page.project.slug,
        "item": page.item.code,
        "name": page.item.name,
        "as_of": page.as_of.isoformat(),
        "indicators": [
            {
                "unit": progress.indicator.unit,
                "kind": progress.indicator.kind.value,
                "per": progress.indicator.per.value if progress.indicator.per else None,
                "actual": number(progress.actual),
                "rule": explanation.rule,
                "entries": [
                    {
                        "id": line.entry.id,
                        "date": line.entry.activity.day.isoformat(),
                        "item": line.entry.activity.item,
                        "title": line.entry.activity.title,
                        "counted": number(line.counted),
                        "remark": line.remark,
                    }
                    for line in explanation.lines
                ],
            }
            for progress, explanation in page.indicators
        ],
    }
