"""Compares the rows of an exported workbook with the entries that were exported.

An exported row contains the id of its entry, and entries never change. Every difference between the
row and the entry with this id is therefore a change that the officer made in Excel, even if the
entry was corrected in the ledger since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import AmountInput
from sgtrack.entry.proposal import NOTHING
from sgtrack.entry.text_cleaning import clean, clean_names, clean_passage
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.model.errors import Refused
from sgtrack.model.masking import STAND_IN
from sgtrack.model.units import plain
from sgtrack.sheets.cell_parsing import (
    NO_AMOUNT,
    BadCell,
    parse_amount,
    parse_code,
    parse_codes,
    parse_count,
    parse_day,
    parse_yes,
    place_of,
    reason_with_hint,
)
from sgtrack.sheets.exported_rows import (
    COMPUTED,
    DONE,
    EFFECT,
    NAMES,
    SOURCE,
    VERSION,
    ExportedCell,
    rows_of,
)
from sgtrack.sheets.headings import Layout
from sgtrack.sheets.row_parsing import check_row
from sgtrack.sheets.table_reader import as_text
from sgtrack.sheets.workbook_process import Cell

INPUT_FIELDS = {
    "日期": "day",
    "服务项": "item",
    "标题": "title",
    "地点": "place",
    "类型": "activity_type",
    "备注": "note",
    NAMES: "participants",
    "同时计入": "also",
    "结束": "closes",
    "节次": "session",
    "到场": "attendance",
}
"""The field of ``ActivityInput`` for each column that can be corrected, except the amounts."""


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """A row with the id of an entry; ``cells`` maps headings to their place and value.

    ``number`` is the row number from 0.
    """

    sheet: str
    number: int
    entry_id: str
    cells: Mapping[str, tuple[int, Cell]]

    def text(self, heading: str) -> str:
        """Return the text of a cell; it is empty if there is no such column."""
        return as_text(self.cells[heading][1]) if heading in self.cells else ""

    def bad(self, heading: str, reason: str) -> BadCell:
        """Return the description of an invalid cell of this row."""
        if heading not in self.cells:
            return BadCell(self.sheet, f"第{self.number + 1}行", "", reason)
        shown = "（姓名）" if heading == NAMES else self.text(heading)
        return BadCell(self.sheet, place_of(self.number, self.cells[heading][0]), shown, reason)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that was changed in Excel: its heading or unit, and its old and new text.

    ``value`` is the new value as ``ActivityInput`` takes it; for a unit it is the amount.
    """

    field: str
    old: str
    new: str
    value: Any

    @property
    def is_amount(self) -> bool:
        """Whether the field is the amount in a unit."""
        return self.field not in INPUT_FIELDS

    def is_in(self, activity: Activity) -> bool:
        """Return whether an activity already has the new value."""
        if self.is_amount:
            return bool(activity.amounts.get(self.field, Decimal(0)) == self.value)
        old = getattr(activity, INPUT_FIELDS[self.field])
        if self.field == "日期":
            return bool(old.isoformat() == self.value)
        if isinstance(old, tuple):
            return set(old) == set(self.value)
        return old is not None and bool(old == self.value)


@dataclass(slots=True)
class EntryChanges:
    """The differences between the rows of an entry and the entry.

    Fields that need an explanation:
        place: where the first of the rows is.
        changes: the changed fields by heading or unit.
        removed_rows: the units whose rows were deleted.
        not_imported: the headings of computed columns whose cells were changed.
        effects: the changed texts in the column 成效, each with a row that has it.
    """

    place: str
    changes: dict[str, FieldChange] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)
    removed_rows: list[str] = field(default_factory=list)
    not_imported: set[str] = field(default_factory=set)
    effects: dict[str, ExportedRow] = field(default_factory=dict)


def read_exported_rows(layout: Layout) -> Iterator[ExportedRow | BadCell]:
    """Yield the rows of a table that carry the id of an entry, or their invalid cells."""
    version = layout.column_of(VERSION)
    if version is None:
        return
    places = {heading: p for p, heading in layout.headings.items() if heading in COMPUTED}
    for heading in (*INPUT_FIELDS, "数量", "单位"):
        place = layout.column_of(heading)
        if place is not None:
            places[heading] = place
    others = [p for p in layout.columns if p not in places.values() and p != version]
    for number, row in enumerate(layout.table.rows):
        entry_id = as_text(row[version]) if number > layout.head else ""
        if not entry_id:
            continue
        texts = [as_text(cell) for cell in row]
        cells = {heading: (place, row[place]) for heading, place in places.items()}
        exported = ExportedRow(layout.table.name, number, entry_id, cells)
        yield exported
        bad = check_row(layout, number, texts)
        if bad is not None:
            yield bad
        elif not entry_id.endswith(exported.text("编号")):
            yield exported.bad("编号", "和这一行的“版本”对不上，可能只排了几列的顺序；重新导出再改")
        for place in others:
            if texts[place]:
                where = place_of(number, place)
                reason = "导出的表里数量写在“数量”“单位”两列，每个单位一行"
                yield BadCell(layout.table.name, where, texts[place], reason)


def read_mark(layout: Layout) -> tuple[date, str] | None:
    """Return the last exported day and the newest exported id; None if the table lacks them."""
    version = layout.column_of(VERSION)
    if version is None:
        return None
    for row in islice(layout.table.rows, layout.head):
        day, slash, newest = as_text(row[version]).partition("/")
        if slash and newest.isalnum():
            with suppress(ValueError):
                return date.fromisoformat(day), newest
    return None


def compare_rows(
    project: Project, rows: Sequence[ExportedRow], entry: Entry, masked: Entry, today: date
) -> EntryChanges:
    """Compare the rows of an entry, in one or several sheets, with the entry.

    ``masked`` is the entry with names masked, as it is exported without ``--with-names``.
    """
    first = rows[0]
    result = EntryChanges(f"{first.sheet}!第{first.number + 1}行")
    by_sheet: dict[str, list[ExportedRow]] = {}
    for row in rows:
        by_sheet.setdefault(row.sheet, []).append(row)
    exported = rows_of(project, entry), rows_of(project, masked)
    for sheet_rows in by_sheet.values():
        comparison = _SheetComparison(project, sheet_rows, entry, exported, today, result)
        comparison.compare_fields()
        comparison.compare_amounts()
    return result


def input_of_changes(changes: Iterable[FieldChange]) -> ActivityInput:
    """Return changed fields as input for a correction; all other fields are None."""
    values: dict[str, Any] = {}
    amounts = []
    for change in changes:
        if change.is_amount:
            text = f"{plain(change.value)}{change.field}"
            amounts.append(AmountInput(change.value, change.field, text))
        else:
            values[INPUT_FIELDS[change.field]] = change.value
    return ActivityInput(**values, amounts=tuple(amounts) or None)


class _SheetComparison:
    """A comparison of the rows that an entry has in one sheet with the entry."""

    def __init__(
        self,
        project: Project,
        rows: Sequence[ExportedRow],
        entry: Entry,
        exported: tuple[Sequence[Mapping[str, ExportedCell]], Sequence[Mapping[str, ExportedCell]]],
        today: date,
        result: EntryChanges,
    ) -> None:
        """Set what to compare; ``exported`` are the rows with names and with masked names."""
        self.project = project
        self.rows = rows
        self.entry = entry
        self.raw, self.masked = exported[0][0], exported[1][0]
        self.today = today
        self.result = result

    def compare_fields(self) -> None:
        """Find the changes of all fields except the amounts."""
        for row in self.rows:
            for heading in row.cells:
                if heading in ("数量", "单位", "编号") or self._is_unchanged(row, heading):
                    continue
                if heading == "名称":
                    self._check_name(row)
                elif heading == EFFECT:
                    self._add_effect(row)
                elif heading == SOURCE:
                    reason = "原文是记录时说的话，不能改；写回原来的，要补充的写在“备注”一列"
                    self.result.bad.append(row.bad(SOURCE, reason))
                elif heading in COMPUTED:
                    self.result.not_imported.add(heading)
                else:
                    self._add_field(row, heading)

    def _is_unchanged(self, row: ExportedRow, heading: str) -> bool:
        text = " ".join(row.text(heading).split())
        return text in (_words(self.raw[heading]), _words(self.masked[heading]))

    def _check_name(self, row: ExportedRow) -> None:
        """Check that a name is empty, or the name of the item whose code was typed."""
        name = row.text("名称")
        item = self.project.items.get(row.text("服务项").partition(" ")[0])
        if name and (item is None or item.name != name):
            self.result.bad.append(row.bad("名称", "名称跟着编号走：改“服务项”一列的编号"))

    def _add_field(self, row: ExportedRow, heading: str) -> None:
        text = row.text(heading)
        try:
            value = self._parse(row, heading)
        except Refused as refused:
            self.result.bad.append(row.bad(heading, reason_with_hint(refused)))
            return
        old, new = _words(self.masked[heading]), value if isinstance(value, str) else text
        if heading == NAMES:
            names = set(self.entry.activity.participants)
            more, less = len({*value} - names), len(names - {*value})
            old, new = f"{len(names)} 个", f"{len(value)} 个（加 {more} 个，减 {less} 个）"
        elif isinstance(value, tuple):
            new = "、".join(value)
        change = FieldChange(heading, old, new, value)
        if not change.is_in(self.entry.activity):
            self._add(row, heading, change)

    def _add_effect(self, row: ExportedRow) -> None:
        try:
            self._refuse_hidden_names(row, EFFECT)
            self.result.effects.setdefault(clean_passage(row.text(EFFECT), EFFECT), row)
        except Refused as refused:
            self.result.bad.append(row.bad(EFFECT, reason_with_hint(refused)))

    def _refuse_hidden_names(self, row: ExportedRow, heading: str) -> None:
        """Refuse a text from which names were masked, because it would replace the names."""
        if self.raw[heading] != self.masked[heading] and STAND_IN in row.text(heading):
            raise Refused(
                f"原来的姓名导出时写成了“{STAND_IN}”，照这样改会丢掉姓名",
                "用 sgtrack export --with-names 导出再改，或用 sgtrack amend",
            )

    def _parse(self, row: ExportedRow, heading: str) -> Any:
        if heading == NAMES and not row.text(heading):
            raise Refused("姓名清空了", "要去掉全部姓名就写 无")
        value = parse_field(self.project, row, heading, self.today)
        if value is None:
            raise Refused(f"不能清空{heading}", "写回原来的数字，或写上新的")
        self._refuse_hidden_names(row, heading)
        return value

    def _add(self, row: ExportedRow, heading: str, change: FieldChange) -> None:
        """Add a change; refuse it if another row of the entry has another value."""
        earlier = self.result.changes.setdefault(change.field, change)
        if earlier.value != change.value:
            reason = f"同一条记录的另一行写的是“{earlier.new}”，改成一样的"
            self.result.bad.append(row.bad(heading, reason))

    def compare_amounts(self) -> None:
        """Find the changes of the amounts."""
        if any("数量" not in row.cells or "单位" not in row.cells for row in self.rows):
            return
        old = self.entry.activity.amounts
        new: dict[str, Decimal] = {}
        for row in self.rows:
            unit, text = row.text("单位"), row.text("数量")
            if text == DONE and not unit and not old:
                continue
            try:
                amount = _read_amount(unit, text)
            except Refused as refused:
                self.result.bad.append(row.bad("数量", reason_with_hint(refused)))
                return
            if unit in new:
                reason = f"这条记录已经有一行{unit}；复制出来的新活动要清空“编号”和“版本”两格"
                self.result.bad.append(row.bad("单位", reason))
                return
            new[unit] = amount
            if old.get(unit) != amount:
                words = f"{plain(old[unit])}{unit}" if unit in old else ""
                change = FieldChange(unit, words, f"{plain(amount)}{unit}", amount)
                self._add(row, "数量", change)
        self._compare_missing(old, new)

    def _compare_missing(self, old: Mapping[str, Decimal], new: Mapping[str, Decimal]) -> None:
        """Remove amounts whose unit was overwritten, keep amounts of deleted rows, refuse a mix."""
        missing = [unit for unit in old if unit not in new]
        added = [unit for unit in new if unit not in old]
        row = self.rows[0]
        if len(self.rows) > max(len(old), 1) and any(
            not change.is_amount for change in self.result.changes.values()
        ):
            reason = "这条记录的行比导出时多；复制出来的新活动要清空“编号”和“版本”两格"
            self.result.bad.append(row.bad(VERSION, reason))
        elif len(self.rows) >= len(old):
            for unit in missing:
                change = FieldChange(unit, f"{plain(old[unit])}{unit}", "去掉", Decimal(0))
                self._add(row, "数量", change)
        elif missing and added:
            units = "、".join(missing)
            reason = f"导出时还有{units}，这里删了行又改了单位，看不出要改什么；恢复删掉的行再改"
            self.result.bad.append(row.bad("单位", reason))
        else:
            self.result.removed_rows += missing


def parse_field(project: Project, row: ExportedRow, heading: str, today: date) -> Any:
    """Return the value of a cell as ``ActivityInput`` takes it; None for an empty 节次 or 到场.

    Raises:
        Refused: the cell is invalid.
    """
    cell, text = row.cells[heading][1], row.text(heading)
    if heading == "日期":
        return parse_day(project, cell, today).isoformat()
    if heading == "服务项":
        return parse_code(project, cell)
    if heading == "同时计入":
        return parse_codes(project, cell)
    if heading == "结束":
        return parse_yes(text)
    if heading in ("节次", "到场"):
        return parse_count(text, heading)
    if heading == NAMES:
        return () if text in NOTHING else clean_names([text])
    return clean(text, heading, 2000)


def _read_amount(unit: str, text: str) -> Decimal:
    """Return the amount of a row; 0 means that the amount is to be removed."""
    if not unit:
        raise Refused("没有写单位", "在“单位”一列写上单位，如 人次")
    if not text:
        raise Refused("数量清空了", "不改就写回原来的数字，要去掉就写 0")
    return Decimal(0) if text in NO_AMOUNT else parse_amount(text, unit).amount


def _words(value: ExportedCell) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else " ".join(value.split())
