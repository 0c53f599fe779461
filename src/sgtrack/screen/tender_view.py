"""Shows drafts of target files: as text, or as proposed items beside the contract text."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.app.target_files import DraftResult, list_packages
from sgtrack.model.errors import Refused
from sgtrack.model.units import plain
from sgtrack.screen.console import grid, out
from sgtrack.tender.clause_proposals import KEY_LABELS, ProposedItem
from sgtrack.tender.contract_draft import ContractDraft, DraftClause


def print_drafts(result: DraftResult) -> None:
    """Print the paths of the written files, or the text of a single draft.

    Raises:
        Refused: there are several drafts, and no file was written.
    """
    if not result.paths:
        if len(result.drafts) > 1:
            raise Refused(
                f"文件里有 {len(result.drafts)} 个采购包，一次只能显示一个",
                "加 -o targets/new.yaml 存成 new-1.yaml 等文件，或选一个。"
                f"{list_packages(result.drafts)}",
            )
        typer.echo(result.texts[0], nl=False)
        return
    for path, draft in zip(result.paths, result.drafts, strict=True):
        typer.echo(f"已存成 {path}  {draft.title}")
        if draft.outside_words:
            typer.echo(f"  {draft.outside_words}：加 --report 逐个看")
    if any(draft.to_check for draft in result.drafts):
        typer.echo("打开文件，按“待核对”逐处看一遍，再运行 sgtrack targets check")


def print_comparison(result: DraftResult) -> None:
    """Print each draft: contract text beside proposed items, then the numbers outside clauses."""
    console = out()
    for draft in result.drafts:
        console.print(draft_table(draft))
        for line in outside_lines(draft):
            console.print(line, markup=False, highlight=False)


def draft_table(draft: ContractDraft) -> RenderableType:
    """Build a table with the text of each clause and the items proposed for it."""
    table = grid("条款", Column("合同原文", ratio=5), Column("读成", ratio=6))
    for category in draft.categories:
        table.add_row(Text(category.code), Text(category.category.name, style="bold"), "")
        for clause in category.clauses:
            table.add_row(
                clause.code, Text(clause.clause.text), Text("\n".join(_reading_lines(clause)))
            )
    return Group(Text(draft.title, style="bold"), "", table)


def clause_lines(clause: DraftClause) -> Iterator[str]:
    """Yield a line for each item of a clause, and lines with the remarks on it."""
    for code, item in zip(clause.codes, clause.reading.items, strict=True):
        yield f"{code} {item.name}：{'；'.join(_describe(item))}"
        for note in item.notes:
            yield f"  待核对：{note}"
    for note in clause.notes:
        yield f"  待核对：{note}"


def _reading_lines(clause: DraftClause) -> Iterator[str]:
    yield from clause_lines(clause)
    for reading in clause.reading.readings:
        yield f"  “{reading.words.strip()}” → {reading.meaning}"


def _describe(item: ProposedItem) -> Iterator[str]:
    for slot, amounts in item.amounts.items():
        yield " ".join([KEY_LABELS[slot], *(f"{plain(v)}{unit}" for unit, v in amounts.items())])
    if item.milestone:
        yield f"{item.due} 前完成一次" if item.due else "完成一次"
    if item.due_day:
        yield f"{item.due_day}日前"
    if item.part_of is not None:
        yield "其中的部分"
    if item.types:
        yield f"每一类至少一个（{'、'.join(item.types)}）"
    if item.sessions:
        yield f"每个满{item.sessions}次"
    if item.each:
        yield "每次至少 " + " ".join(f"{plain(v)}{unit}" for unit, v in item.each.items())
    if item.once_per_person:
        yield "每人只计一次"


def outside_lines(draft: ContractDraft) -> Iterator[str]:
    """Yield lines that list the numbers outside all clauses, so that no number is omitted."""
    if draft.outside:
        yield "条款以外的数字（没有写进目标文件）："
    bare = [line for line, reading in draft.outside if line == reading.words]
    if bare:
        yield f"  表格里单独的数字（序号、分值等）：{'、'.join(bare)}"
    for line, reading in draft.outside:
        if line == reading.words:
            continue
        at = max(0, reading.start - 12)
        shown = line[at : reading.start + len(reading.words) + 12]
        yield f"  “{reading.words}” → {reading.meaning}（…{shown}…）"
