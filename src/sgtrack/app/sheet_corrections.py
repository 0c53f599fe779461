"""Turns the rows of an exported workbook that the officer changed into corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sgtrack.app.context import AppContext
from sgtrack.app.series import settle_series
from sgtrack.app.sheet_series import is_title_of, reason_in_sheet
from sgtrack.app.snapshot import Snapshot
from sgtrack.entry.proposal import Proposal, propose_amendment
from sgtrack.ledger import append
from sgtrack.ledger.entry_reads import (
    read_current,
    read_entries_by_id,
    read_ids_until,
    read_lineage,
    read_texts,
)
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, Origin, duplicate_key
from sgtrack.model.errors import Refused
from sgtrack.sheets.cell_parsing import BadCell
from sgtrack.sheets.classify_rows import Choice, Choices, ClassifiedRows
from sgtrack.sheets.exported_rows import EFFECT
from sgtrack.sheets.headings import Layout
from sgtrack.sheets.row_changes import (
    EntryChanges,
    ExportedRow,
    FieldChange,
    compare_rows,
    input_of_changes,
    read_exported_rows,
    read_mark,
)
from sgtrack.store.connection import batches


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of an entry.

    Fields that need an explanation:
        place: the row from which it comes, such as 台账!第7行.
        shown: the changes with names masked.
    """

    entry: Entry
    place: str
    changes: tuple[FieldChange, ...]
    shown: tuple[FieldChange, ...]
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class EffectChange:
    """An effect that the officer wrote in the sheet; it is not a correction of the entry.

    Fields that need an explanation:
        place: the row from which it comes, such as 台账!第7行.
        shown: the effect before and after, with names masked.
    """

    entry: Entry
    place: str
    text: str
    shown: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """A row whose meaning only the officer knows; names are masked.

    Fields that need an explanation:
        row: the number of the row in Excel.
        entry: the entry of the ledger that the row may stand for, as it is now.
        activity: the activity of a row without id; otherwise None.
        changes: what was changed in a row with id.
        choices: the possible answers; the first one is the default.
    """

    sheet: str
    row: int
    entry: Entry
    activity: Activity | None
    changes: tuple[FieldChange, ...]
    choices: tuple[Choice, ...]


@dataclass(slots=True)
class SheetCorrections:
    """The corrections of the ledger that the rows of an exported workbook imply.

    Fields that need an explanation:
        unchanged: the number of entries whose rows equal the ledger.
        questions: rows whose meaning only the officer knows.
        removed_rows: for each entry with deleted rows, its place and the units of these rows.
        not_imported: the headings of computed columns in which cells were changed.
        missing: the exported entries whose rows were all deleted.
        foreign: all exported rows, if this ledger has none of their entries.
        old_effects: the places of effects that are not written, because the cell is empty or
            contains an earlier effect of the entry.
    """

    corrections: list[Correction] = field(default_factory=list)
    effects: list[EffectChange] = field(default_factory=list)
    old_effects: list[str] = field(default_factory=list)
    unchanged: int = 0
    bad: list[BadCell] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    removed_rows: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    not_imported: set[str] = field(default_factory=set)
    missing: tuple[Entry, ...] = ()
    foreign: tuple[tuple[ExportedRow, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Corrector:
    """Finds the corrections that sheets imply for one state of the ledger."""

    context: AppContext
    snapshot: Snapshot
    project: Project
    choices: Choices
    found: SheetCorrections = field(default_factory=SheetCorrections)

    def compare(self, layouts: Sequence[Layout]) -> None:
        """Compare the rows with ids in exported sheets with the ledger."""
        found, snapshot = self.found, self.snapshot
        rows: dict[str, list[ExportedRow]] = {}
        for layout in layouts:
            for row in read_exported_rows(layout):
                if isinstance(row, BadCell):
                    found.bad.append(row)
                else:
                    rows.setdefault(row.entry_id, []).append(row)
        unknown: list[str] = []
        for ids in batches(rows):
            entries = read_entries_by_id(snapshot.db, ids)
            for entry, masked in zip(entries, snapshot.mask(entries), strict=True):
                self._compare_entry(rows[entry.id], entry, masked)
            known = {entry.id for entry in entries}
            unknown += (entry_id for entry_id in ids if entry_id not in known)
        if unknown and len(unknown) == len(rows):
            found.foreign = tuple(tuple(group) for group in rows.values())
            if any(row.text(EFFECT) for group in found.foreign for row in group):
                found.not_imported.add(EFFECT)
            return
        reason = "台账里没有这个版本；抄回原来的，新的活动就清空“编号”和“版本”两格"
        found.bad += (rows[entry_id][0].bad("编号", reason) for entry_id in unknown)
        found.missing = snapshot.mask(self._find_missing(layouts, rows))

    def _compare_entry(self, rows: Sequence[ExportedRow], entry: Entry, masked: Entry) -> None:
        """Turn the differences between the rows of an entry and the entry into a correction."""
        found, row = self.found, rows[0]
        if entry.activity.community != self.project.slug:
            other = entry.activity.community
            found.bad.append(row.bad("编号", f"是 {other} 的记录，导入时加上 -c {other}"))
            return
        changes = compare_rows(self.project, rows, entry, masked, self.context.today)
        found.bad += changes.bad
        found.not_imported |= changes.not_imported
        if changes.removed_rows:
            found.removed_rows.append((changes.place, tuple(changes.removed_rows)))
        current = entry if entry.counts else read_current(self.snapshot.db, entry)
        pending = tuple(
            change
            for change in changes.changes.values()
            if not (
                change.is_in(current.activity)
                or (
                    change.field == "标题"
                    and is_title_of(self.project, current.activity, change.new)
                )
            )
        )
        choice = self.choices.get((row.sheet, row.number + 1))
        if changes.bad:
            return
        has_effect = self._compare_effect(current, changes)
        if not pending or choice is Choice.SKIP:
            found.unchanged += not has_effect
        elif current.void is not None:
            reason = "这条记录已经作废，改不了；把这一行改回原样，或清空“编号”和“版本”另记一条"
            found.bad.append(row.bad("编号", reason))
        elif current.id == entry.id or choice is Choice.CORRECT:
            self._add(current, changes.place, pending)
        else:
            found.questions.append(
                Question(
                    row.sheet,
                    row.number + 1,
                    self.snapshot.mask(current),
                    None,
                    self.snapshot.mask(pending),
                    (Choice.CORRECT, Choice.SKIP),
                )
            )

    def _compare_effect(self, current: Entry, changes: EntryChanges) -> bool:
        """Add the effect in the rows of an entry; return whether it is to be written.

        The sheet may contain an earlier effect of the entry, because a newer one may have been
        recorded since the export. An earlier effect is not written.
        """
        found, rows = self.found, changes.effects
        if not rows.keys() - {current.effect}:
            return False
        earlier = {"", current.effect, *read_texts(self.snapshot.db, current, "effect")}
        new = [text for text in rows if text not in earlier]
        if not new:
            found.old_effects.append(changes.place)
            return False
        text, *others = new
        if others:
            reason = f"同一条记录的另一行写的是“{text}”，改成一样的"
            found.bad.append(rows[others[0]].bad(EFFECT, reason))
            return False
        if current.void is not None:
            reason = "这条记录已经作废，不能写成效；把这一格改回原样"
            found.bad.append(rows[text].bad(EFFECT, reason))
            return False
        shown = self.snapshot.mask((current.effect, text))
        found.effects.append(EffectChange(current, changes.place, text, shown))
        return True

    def settle_rows(self, rows: ClassifiedRows) -> None:
        """Add corrections and questions for rows without id that may be entries of the ledger."""
        for row, entry_id in rows.moved:
            (entry,) = read_entries_by_id(self.snapshot.db, (entry_id,))
            old, new = entry.activity, row.activity
            days, titles = (old.day.isoformat(), new.day.isoformat()), (old.title, new.title)
            changes = (FieldChange("日期", *days, days[1]), FieldChange("标题", *titles, titles[1]))
            changed = tuple(change for change in changes if not change.is_in(old))
            self._add(entry, f"{row.sheet}!第{row.row}行", changed)
        for doubt in rows.doubts:
            row = doubt.row
            (entry,) = read_entries_by_id(self.snapshot.db, (doubt.entry_id,))
            shown = self.snapshot.mask(read_current(self.snapshot.db, entry))
            activity = self.snapshot.mask(row.activity, row.activity.participants)
            can_correct = (Choice.CORRECT,) if doubt.is_moved else ()
            choices = (*can_correct, Choice.NEW, Choice.SKIP)
            self.found.questions.append(Question(row.sheet, row.row, shown, activity, (), choices))

    def _add(self, entry: Entry, place: str, changes: tuple[FieldChange, ...]) -> None:
        """Add a correction, or the reason why the contract does not allow it."""
        try:
            proposal = propose_amendment(
                self.project, entry.activity, input_of_changes(changes), self.context.today
            )
            old, new = entry.activity, proposal.activity
            if (new.title, new.items) != (old.title, old.items):
                proposal, _ = settle_series(
                    self.snapshot, self.project, proposal, new=False, except_id=entry.id
                )
        except Refused as refused:
            sheet, _, where = place.rpartition("!")
            shown = "；".join(f"{change.field} {change.new}" for change in changes)
            self.found.bad.append(BadCell(sheet, where, shown, reason_in_sheet(refused)))
        else:
            if proposal.activity == entry.activity:  # The title names the same group.
                self.found.unchanged += 1
                return
            shown_changes = self.snapshot.mask(changes)
            correction = Correction(entry, place, changes, shown_changes, proposal)
            self.found.corrections.append(correction)

    def _find_missing(
        self, layouts: Sequence[Layout], rows: Mapping[str, Sequence[ExportedRow]]
    ) -> tuple[Entry, ...]:
        """Return the exported entries that count, but whose rows are no longer in the sheet.

        Only the sheet 台账 lists all entries and has the mark that says which entries were
        exported.
        """
        db = self.snapshot.db
        missing: list[str] = []
        for layout in layouts:
            mark = read_mark(layout)
            if mark is None:
                continue
            day, newest = mark
            here = {
                entry_id
                for entry_id, group in rows.items()
                if any(row.sheet == layout.table.name for row in group)
            }
            for entry_id in read_ids_until(db, self.project.slug, day):
                if entry_id not in here:
                    lineage = read_lineage(db, entry_id)
                    if lineage[-1] <= newest and here.isdisjoint(lineage):
                        missing.append(entry_id)
        return tuple(entry for ids in batches(missing) for entry in read_entries_by_id(db, ids))


def apply_to_keys(
    found: SheetCorrections, amounts_by_key: MutableMapping[bytes, Mapping[str, Decimal]]
) -> None:
    """Apply corrections to the duplicate keys of the ledger, and report new duplicates."""
    for correction in found.corrections:
        amounts_by_key.pop(duplicate_key(correction.entry.activity), None)
    for correction in found.corrections:
        new = correction.proposal.activity
        key = duplicate_key(new)
        is_moved = key != duplicate_key(correction.entry.activity)
        if is_moved and key in amounts_by_key:
            sheet, _, place = correction.place.rpartition("!")
            reason = "改了以后和另一条记录是同一天、同一项、同一标题；确实是两场就写不同的标题"
            found.bad.append(BadCell(sheet, place, new.title, reason))
        amounts_by_key[key] = new.amounts


def write_corrections(
    transaction: Transaction,
    corrections: Iterable[Correction],
    effects: Iterable[EffectChange],
    origin: Origin,
    reason: str,
) -> None:
    """Write corrections; :func:`apply_to_keys` has already found duplicates."""
    newest: dict[str, Entry] = {}
    for correction in corrections:
        new, old = correction.proposal.activity, correction.entry
        newest[old.id] = append.amend(transaction, old, new, origin, reason, again=True)
    for effect in effects:
        entry = newest.get(effect.entry.id, effect.entry)
        append.annotate(transaction, entry, "effect", effect.text, origin)


def activities_of(corrections: Iterable[Correction]) -> tuple[Activity, ...]:
    """Return the activities of corrections, before and after."""
    return tuple(
        activity
        for correction in corrections
        for activity in (correction.entry.activity, correction.proposal.activity)
    )
