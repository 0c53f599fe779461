"""Shows the indicators of a contract as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import typer
from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.model.contract import Project
from sgtrack.model.errors import Problem
from sgtrack.model.units import number
from sgtrack.progress.conditions import condition_words
from sgtrack.progress.progress_wording import change_words, target_words
from sgtrack.screen.console import Paragraph, grid
from sgtrack.screen.status_view import changes_json


def targets_json(projects: Iterable[Project]) -> list[dict[str, Any]]:
    """Return every indicator of the contracts as JSON values."""
    return [
        {
            "community": project.slug,
            "category": category.name,
            "clause": clause.code,
            "text": clause.text,
            "item": item.code,
            "name": item.name,
            "unit": indicator.unit,
            "kind": indicator.kind.value,
            "target": None if indicator.target is None else number(indicator.target),
            "per": indicator.per.value if indicator.per else None,
            "part_of": item.part_of,
            "due_day": indicator.due_day,
            "types": list(indicator.types),
            "each": {unit: number(least) for unit, least in item.each},
            "once_per_person": item.once_per_person,
            **changes_json(indicator),
        }
        for project in projects
        for category, clause, item, indicator in project.indicators()
    ]


def target_check_json(advices: Iterable[Problem], problems: Iterable[Problem]) -> dict[str, Any]:
    """Return advice on target files and problems in them as JSON values."""
    return {
        "advice": [asdict(advice) for advice in advices],
        "problems": [asdict(problem) for problem in problems],
    }


def print_advice(advices: Iterable[Problem]) -> None:
    """Print each piece of advice with its place and a hint."""
    for advice in advices:
        typer.echo(f"{advice.file}:{advice.line}  {advice.message}\n    提示：{advice.remedy}")


def target_tree(project: Project) -> RenderableType:
    """Build a table of categories, clauses and indicators, in contract order."""
    table = grid("", Column("", ratio=1), heading=False)
    for category in project.categories:
        table.add_row(category.code, category.name, style="bold")
        for clause in category.clauses:
            table.add_row(clause.code, Paragraph(clause.text, style="dim"))
            for item in clause.items:
                targets = "，".join(target_words(indicator) for indicator in item.indicators)
                part = f"（其中，计入 {item.part_of}）" if item.part_of else ""
                code = "" if item.code == clause.code else f"{item.code} "
                words = condition_words(item)
                conditions = f"（{words}）" if words else ""
                table.add_row("", Text(f"{code}{item.name}{part}：{targets}{conditions}"))
    changes = [Text(f"变更：{words}", style="dim") for words in change_words(project)]
    period, checked = project.period, "" if project.period_checked else "（待核对）"
    facts = (
        f"{project.package or '采购包待填'}，{period.start} 至 {period.end}{checked}，"
        f"{len(project.clauses)} 条，{sum(1 for _ in project.indicators())} 个指标"
    )
    title = Text(project.full_name, style="bold")
    return Group(title, Text(facts, style="dim"), *changes, table)
