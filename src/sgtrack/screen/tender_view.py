"""What a draft was read from, side by side with what it was read as."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.model.units import plain
from sgtrack.screen.console import grid
from sgtrack.tender.clause_proposals import KEY_LABELS, ProposedItem
from sgtrack.tender.draft_builder import ContractDraft, DraftClause


def draft_table(draft: ContractDraft) -> RenderableType:
    """Every clause with its words on the left and its proposed items on the right."""
    table = grid(Column("条款", no_wrap=True), Column("合同原文", ratio=5), Column("读成", ratio=6))
    for category in draft.categories:
        table.add_row(Text(category.code), Text(category.category.name, style="bold"), "")
        for clause in category.clauses:
            table.add_row(clause.code, Text(clause.clause.text), Text("\n".join(_read(clause))))
    return Group(Text(title_of(draft), style="bold"), "", table)


def title_of(draft: ContractDraft) -> str:
    """The package in words, with how much there is to look at."""
    facts = draft.facts
    place = facts.county + facts.street + facts.name
    named = " ".join(word for word in (facts.package, place) if word) or draft.source
    items = sum(len(clause.codes) for clause in draft.clauses)
    return f"{named}：{len(draft.clauses)} 条条款，{items} 个服务项，{draft.to_check} 处待核对"


def _read(clause: DraftClause) -> Iterator[str]:
    for code, item in zip(clause.codes, clause.reading.items, strict=True):
        yield f"{code} {item.name}：{'；'.join(_said(item))}"
        for note in item.notes:
            yield f"  待核对：{note}"
    for reading in clause.reading.readings:
        yield f"  “{reading.words.strip()}” → {reading.meaning}"
    for note in clause.notes:
        yield f"  待核对：{note}"


def _said(item: ProposedItem) -> Iterator[str]:
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
        yield f"每个做满{item.sessions}次"
    if item.each:
        yield "每次至少 " + " ".join(f"{plain(v)}{unit}" for unit, v in item.each.items())
    if item.once_per_person:
        yield "每人只计一次"


def outside_lines(draft: ContractDraft) -> Iterator[str]:
    """The numbers that stand outside every clause, so that none is lost."""
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
