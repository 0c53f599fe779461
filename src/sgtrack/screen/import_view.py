"""Shows which rows of a file an import recorded, and which it left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from sgtrack.model.entries import Activity, short_id
from sgtrack.model.units import amount_words
from sgtrack.screen.entry_view import item_words
from sgtrack.screen.movement_view import show_movement

if TYPE_CHECKING:
    from sgtrack.app.exchange_sheets import SheetImport
    from sgtrack.app.sheet_corrections import Question
    from sgtrack.sheets.headings import Layout
    from sgtrack.sheets.row_changes import FieldChange
    from sgtrack.sheets.table_reader import SheetTable

_MOST_LISTED = 5
"""Maximum number of rows that a note lists."""


def show_unread(tables: Sequence[SheetTable], layouts: Sequence[Layout]) -> None:
    """Print which sheets and columns are not imported."""
    read = [layout.table for layout in layouts]
    hidden = [table.name for table in tables if table.is_hidden]
    others = [t.name for t in tables if not t.is_hidden and not any(t is table for table in read)]
    if hidden:
        typer.echo(f"未读取隐藏的工作表：{'、'.join(hidden)}；要导入就取消隐藏")
    if others:
        typer.echo(f"未读取下列工作表：{'、'.join(others)}（没有“日期”和“服务项”两列）")
    unused = dict.fromkeys(heading for layout in layouts for heading in layout.unused)
    if unused:
        typer.echo(f"未导入下列列：{'、'.join(unused)}")


def show_notes(found: SheetImport) -> None:
    """Print which rows were skipped, and which amounts are implied."""
    rows, edited = found.rows, found.edited
    for why, hint in (("合计", ""), ("隐藏", "；要导入就取消隐藏")):
        places = [f"{row.sheet}!第{row.row}行" for row in rows.skipped if row.why == why]
        if places:
            typer.echo(f"跳过 {len(places)} 个{why}行：{_listed(places, len(places))}{hint}")
    for (item, units), (count, first) in rows.implied.items():
        words = "、".join(units)
        typer.echo(f"注意：{item} 有 {count} 行没有写{words}，按默认计：{_listed(first, count)}")
    if edited.foreign:
        count = len(edited.foreign)
        typer.echo(f"注意：表里的 {count} 条是从别的台账导出的，在这里是新的记录")
    if edited.not_imported:
        columns = "、".join(sorted(edited.not_imported))
        typer.echo(f"注意：{columns} 不从表里导入，和台账不同的内容没有写入")
    if edited.old_effects:
        where = _listed(edited.old_effects, len(edited.old_effects))
        typer.echo(f"注意：{where} 的成效是空的或以前的，台账没有动")
        typer.echo("    要改用 sgtrack amend 编号 --effect 成效")
    for place, units in edited.removed_rows:
        typer.echo(f"注意：{place} 的记录少了{'、'.join(units)}的那一行，台账没有动；要去掉就写 0")
    if edited.missing:
        typer.echo(
            f"注意：{len(edited.missing)} 条记录表里没有了，台账没有动；要作废用 sgtrack void："
        )
        for entry in edited.missing:
            typer.echo(f"    {short_id(entry.id)}  {_activity_words(found, entry.activity)}")


def show_corrections(found: SheetImport) -> None:
    """Print the corrections with the old and the new texts."""
    for number, correction in enumerate(found.edited.corrections, start=1):
        old = correction.entry.activity
        head = f"{number}. {short_id(correction.entry.id)}  {old.day}  "
        typer.echo(f"{head}{item_words(found.project, old)}  {correction.place}")
        for words in change_words(correction.shown):
            typer.echo(f"     {words}")
        if correction.proposal.understood:
            typer.echo(f"     {'、'.join(correction.proposal.understood)}按默认计")
        for remark in correction.proposal.remarks:
            typer.echo(f"     注意：{remark}")
    for effect in found.edited.effects:
        activity, (old_text, text) = effect.entry.activity, effect.shown
        words = f"{item_words(found.project, activity)}  {effect.place}"
        typer.echo(f"补写成效  {short_id(effect.entry.id)}  {activity.day}  {words}")
        typer.echo(f"     成效：{_one_line(old_text) or '（空）'} → {_one_line(text)}")


def change_words(changes: Iterable[FieldChange]) -> list[str]:
    """Return a line for each changed field, with its old and its new text."""
    return [f"{c.field}：{c.old or '（空）'} → {c.new or '（空）'}" for c in changes]


def question_words(question: Question) -> str:
    """Return the question about a row whose meaning only the officer knows."""
    entry = question.entry
    place = f"{question.sheet}!第{question.row}行"
    now = f"{entry.activity.day} {entry.activity.title} {amount_words(entry.activity.amounts)}"
    if question.activity is None:
        changes = "；".join(change_words(question.changes))
        return (
            f"{place} 改了 {changes}；可是导出以后台账也改过，现在是 {short_id(entry.id)}（{now}）"
        )
    row = f"{place}（{question.activity.day} {question.activity.title}）"
    if len(question.choices) > 2:
        return f"{row}和台账里从这一行导入的 {short_id(entry.id)}（{now}）只差日期"
    if entry.void is not None:
        return f"{row}台账里记过，后来作废了（{entry.void.reason}）"
    return f"{row}台账里记过，后来更正为 {short_id(entry.id)}（{now}）"


def show_imported(found: SheetImport, *, dry_run: bool) -> None:
    """Print how many rows were imported, and the indicators that changed."""
    rows, edited = found.rows, found.edited
    words = [f"{'可以导入' if dry_run else '导入了'} {len(rows.new)} 条记录"]
    if edited.corrections:
        words.append(f"{'可以更正' if dry_run else '更正了'} {len(edited.corrections)} 条")
    if edited.effects:
        words.append(f"{'可以补写' if dry_run else '补写了'} {len(edited.effects)} 条成效")
    if rows.existing:
        words.append(f"{rows.existing} 条台账里已有，跳过")
    if edited.unchanged:
        words.append(f"{edited.unchanged} 条没有改动")
    typer.echo("，".join(words))
    if found.movement is not None:
        show_movement(found.movement)


def _activity_words(found: SheetImport, activity: Activity) -> str:
    item = item_words(found.project, activity)
    words = (str(activity.day), item, activity.title, amount_words(activity.amounts))
    return "  ".join(word for word in words if word)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _listed(places: Sequence[str], count: int) -> str:
    more = f" 等 {count} 行" if count > _MOST_LISTED else ""
    return "、".join(places[:_MOST_LISTED]) + more
