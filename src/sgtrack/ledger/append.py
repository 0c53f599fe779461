"""Adds entries to the ledger. Nothing is changed and nothing removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sqlalchemy import text
from sqlmodel import Session

from sgtrack.ledger.conflicts import read_conflict, read_open_decisions
from sgtrack.ledger.entry_reads import read_duplicate_keys
from sgtrack.ledger.known_people import find_names
from sgtrack.ledger.transaction import Transaction, Values, origin_columns
from sgtrack.model.entries import (
    Activity,
    Conflict,
    Entry,
    Evidence,
    Origin,
    Person,
    duplicate_key,
    short_id,
)
from sgtrack.model.errors import Refused
from sgtrack.model.issued import IssuedBrief
from sgtrack.model.masking import NameMasker
from sgtrack.store.connection import batches
from sgtrack.store.tables import (
    ActivityRow,
    AlsoRow,
    AmountRow,
    ContractRow,
    EvidenceRow,
    EvidenceVoidRow,
    IssuedBriefRow,
    IssuedEntryRow,
    IssuedFigureRow,
    IssuedFileRow,
    ParticipantRow,
    PersonRow,
    PersonVoidRow,
    ResolutionRow,
    ResolvedRow,
    Table,
    VoidRow,
)


def add(
    transaction: Transaction,
    activity: Activity,
    origin: Origin,
    *,
    again: bool = False,
    reason: str = "",
    evidence: tuple[Evidence, ...] = (),
) -> Entry:
    """Write an activity.

    Args:
        transaction: what it is written in.
        activity: what happened, already checked against the contract.
        origin: who writes it, when and by which command.
        again: write it although the same item, day and title are there already.
        reason: why it is logged late, where it is.
        evidence: files that are in the store already; their ids are not used.

    Raises:
        Refused: the same activity is there already.
    """
    if not again:
        _refuse_twin(transaction, activity, besides=None)
    return _add(transaction, activity, origin, None, reason, evidence)


def add_many(
    transaction: Transaction,
    activities: Iterable[Activity],
    origin: Origin,
    advance: Callable[[], None] = lambda: None,
) -> None:
    """Write activities of a community as :func:`add` would one after the other, only quicker.

    Args:
        transaction: what they are written in.
        activities: what happened, already checked against the contract.
        origin: who writes them, when and by which command.
        advance: told after each.

    Raises:
        Refused: one of them is there already, or comes twice.
    """
    known: dict[str, set[bytes]] = {}
    written = origin_columns(origin)
    for some in batches(activities):
        rows: dict[type[Table], Values] = {}
        ids = transaction.next_ids(origin, len(some))
        for number, (entry_id, activity) in enumerate(zip(ids, some, strict=True)):
            if activity.community not in known:
                known[activity.community] = read_duplicate_keys(
                    transaction.fresh_db(), activity.community
                )
            key = duplicate_key(activity)
            if key in known[activity.community]:
                transaction.write_many("activity", ids[:number], rows)
                _refuse_twin(transaction, activity, besides=None)
            known[activity.community].add(key)
            for table, values in _values(entry_id, activity, written, None, "").items():
                rows.setdefault(table, []).extend(values)
            advance()
        transaction.write_many("activity", ids, rows)


def amend(
    transaction: Transaction,
    old: Entry,
    activity: Activity,
    origin: Origin,
    reason: str,
    *,
    again: bool = False,
) -> Entry:
    """Write a correction that replaces an entry; its evidence stays with it.

    Raises:
        Refused: the entry was replaced or voided in the meantime, or the corrected activity is
            there already.
    """
    _refuse_gone(transaction.session, old)
    if not again and duplicate_key(activity) != duplicate_key(old.activity):
        _refuse_twin(transaction, activity, besides=old.id)
    return replace(_add(transaction, activity, origin, old.id, reason), evidence=old.evidence)


def void(transaction: Transaction, entry: Entry, origin: Origin, reason: str) -> None:
    """Take an entry out of the count.

    Raises:
        Refused: it was replaced or voided already.
    """
    _refuse_gone(transaction.session, entry)
    void_id = transaction.next_id(origin)
    row = VoidRow(id=void_id, activity_id=entry.id, reason=reason, **origin_columns(origin))
    transaction.write("void", void_id, [row])


def add_evidence(
    transaction: Transaction, entry: Entry, evidence: tuple[Evidence, ...], origin: Origin
) -> tuple[Evidence, ...]:
    """Write that files, which are in the store already, prove an activity.

    Raises:
        Refused: the entry was replaced or voided in the meantime.
    """
    _refuse_gone(transaction.session, entry)
    return tuple(_add_evidence(transaction, entry.id, one, origin) for one in evidence)


def void_evidence(
    transaction: Transaction, evidence: Evidence, origin: Origin, reason: str
) -> None:
    """Take a file away from its activity; the file itself is kept."""
    void_id = transaction.next_id(origin)
    row = EvidenceVoidRow(
        id=void_id, evidence_id=evidence.id, reason=reason, **origin_columns(origin)
    )
    transaction.write("evidence_void", void_id, [row])


def note_contract(transaction: Transaction, community: str, content: str, origin: Origin) -> None:
    """Keep what a community's target file asks for, unless it is what it asked for last."""
    newest = (
        transaction.fresh_db()
        .execute(
            "SELECT content FROM contract WHERE community = ? ORDER BY id DESC LIMIT 1",
            (community,),
        )
        .fetchone()
    )
    if newest is not None and newest[0] == content:
        return
    contract_id = transaction.next_id(origin)
    row = ContractRow(
        id=contract_id, community=community, content=content, **origin_columns(origin)
    )
    transaction.write("contract", contract_id, [row])


def add_people(transaction: Transaction, people: list[Person], origin: Origin) -> None:
    """Write people into rosters; the ids of ``people`` are not used.

    Raises:
        Refused: a roster has one of the names already.
    """
    for number, person in enumerate(people, start=1):
        known = transaction.session.connection().execute(
            text("SELECT 1 FROM current_person WHERE community = :c AND role = :r AND name = :n"),
            {"c": person.community, "r": person.role, "n": person.name},
        )
        if known.first() is not None:
            raise Refused(
                f"第 {number} 个人已经在{person.role}名册里",
                "同名的人请加以区分，如 张伟（南街）",
            )
        person_id = transaction.next_id(origin)
        row = PersonRow(
            id=person_id,
            community=person.community,
            name=person.name,
            role=person.role,
            since=person.since.isoformat(),
            **origin_columns(origin),
        )
        transaction.write("person", person_id, [row])


def void_person(transaction: Transaction, person: Person, origin: Origin, reason: str) -> None:
    """Take someone out of a roster; activities that name the person stay as they are."""
    void_id = transaction.next_id(origin)
    row = PersonVoidRow(id=void_id, person_id=person.id, reason=reason, **origin_columns(origin))
    transaction.write("person_void", void_id, [row])


def add_issued_brief(
    transaction: Transaction, brief: IssuedBrief, told: tuple[str, ...], origin: Origin
) -> None:
    """Write an issued brief.

    Args:
        transaction: what it is written in.
        brief: the brief; its id is not used.
        told: the ids of the entries and voids that it tells of.
        origin: who issues it, when and by which command.
    """
    brief_id = transaction.next_id(origin)
    row = IssuedBriefRow(
        id=brief_id,
        community=brief.community,
        number=brief.number,
        month=brief.month,
        first_day=brief.first_day.isoformat(),
        last_day=brief.last_day.isoformat(),
        due=brief.due.isoformat(),
        issued=brief.issued.isoformat(),
        submission=brief.submission,
        head=brief.head,
        context=brief.context,
        **origin_columns(origin),
    )
    figures = [
        IssuedFigureRow(
            brief_id=brief_id,
            item=key[0],
            kind=key[1],
            unit=key[2],
            per=key[3],
            gain=int(brief.gains[key] * 100),
            total=int(total * 100),
        )
        for key, total in brief.totals.items()
    ]
    entries = [IssuedEntryRow(entry_id=one, brief_id=brief_id) for one in told]
    files = [
        IssuedFileRow(brief_id=brief_id, format=f.format, sha256=f.sha256, size=f.size)
        for f in brief.files
    ]
    transaction.write("issued_brief", brief_id, [row, *figures, *entries, *files])


def resolve(transaction: Transaction, chosen: str, origin: Origin, reason: str) -> Conflict:
    """Let one of several decisions count; all of them stay in the ledger.

    Args:
        transaction: what it is written in.
        chosen: the id of a correction or void in conflict, or the end of it.
        origin: who resolves, when and by which command.
        reason: why.

    Returns:
        The conflict as it was.

    Raises:
        Refused: it is no decision in conflict, or could be several.
    """
    db = transaction.fresh_db()
    open_ones = [read_conflict(db, one) for one in read_open_decisions(db)]
    found = [
        (conflict, decision)
        for conflict in open_ones
        for decision in (*(one.id for one in conflict.corrections), *conflict.voids)
        if decision.endswith(chosen)
    ]
    if len(found) != 1 or not chosen:
        which = "可以指几条" if len(found) > 1 else "不是冲突里的更正或作废"
        listed = "、".join(
            short_id(one)
            for conflict in open_ones
            for one in (*(entry.id for entry in conflict.corrections), *conflict.voids)
        )
        raise Refused(f"“{chosen}”{which}", f"写其中一条：{listed}" if listed else "现在没有冲突")
    ((conflict, decision),) = found
    resolution = transaction.next_id(origin)
    row = ResolutionRow(
        id=resolution,
        entry_id=conflict.entry.id,
        chosen=decision,
        reason=reason,
        **origin_columns(origin),
    )
    weighed = (
        *(one.id for one in conflict.corrections),
        *conflict.voids,
        *conflict.resolutions,
    )
    parts = [ResolvedRow(resolution_id=resolution, decision_id=one) for one in weighed]
    transaction.write("resolution", resolution, [row, *parts])
    return conflict


def _add(
    transaction: Transaction,
    activity: Activity,
    origin: Origin,
    replaces: str | None,
    reason: str,
    evidence: tuple[Evidence, ...] = (),
) -> Entry:
    entry_id = transaction.next_id(origin)
    rows = _rows(entry_id, activity, origin, replaces, reason)
    transaction.write("activity", entry_id, rows)
    kept = tuple(_add_evidence(transaction, entry_id, one, origin) for one in evidence)
    return Entry(entry_id, activity, origin, replaces=replaces, reason=reason, evidence=kept)


def _add_evidence(
    transaction: Transaction, entry_id: str, evidence: Evidence, origin: Origin
) -> Evidence:
    evidence_id = transaction.next_id(origin)
    row = EvidenceRow(
        id=evidence_id,
        activity_id=entry_id,
        sha256=evidence.sha256,
        size=evidence.size,
        name=evidence.name,
        kind=evidence.kind,
        **origin_columns(origin),
    )
    transaction.write("evidence", evidence_id, [row])
    return Evidence(evidence_id, evidence.sha256, evidence.size, evidence.name, evidence.kind)


def _rows(
    entry_id: str, activity: Activity, origin: Origin, replaces: str | None, reason: str
) -> list[Table]:
    values = _values(entry_id, activity, origin_columns(origin), replaces, reason)
    return [table(**one) for table, found in values.items() for one in found]


def _values(
    entry_id: str,
    activity: Activity,
    written: Mapping[str, str],
    replaces: str | None,
    reason: str,
) -> dict[type[Table], Values]:
    """The columns of an activity's rows, table by table."""
    return {
        ActivityRow: [
            {
                "id": entry_id,
                "community": activity.community,
                "item": activity.item,
                "day": activity.day.isoformat(),
                "title": activity.title,
                "place": activity.place,
                "kind": activity.activity_type,
                "note": activity.note,
                "replaces": replaces,
                "reason": reason,
                "closes": int(activity.closes),
                "for_month": activity.for_month,
                **written,
            }
        ],
        AmountRow: [
            {"activity_id": entry_id, "unit": unit, "hundredths": int(amount * 100)}
            for unit, amount in activity.amounts.items()
        ],
        ParticipantRow: [{"activity_id": entry_id, "name": name} for name in activity.participants],
        AlsoRow: [{"activity_id": entry_id, "item": item} for item in activity.also],
    }


def _refuse_twin(transaction: Transaction, activity: Activity, besides: str | None) -> None:
    twin = transaction.session.connection().execute(
        text(
            "SELECT a.id FROM activity AS a WHERE a.community = :c AND a.item = :i "
            "AND a.day = :d AND a.title = :t AND a.id <> :besides AND EXISTS "
            "(SELECT 1 FROM computed_entry AS c WHERE c.activity_id = a.id)"
        ),
        {
            "c": activity.community,
            "i": activity.item,
            "d": activity.day.isoformat(),
            "t": activity.title,
            "besides": besides or "",
        },
    )
    found = twin.first()
    if found is not None:
        names = (*find_names(transaction.fresh_db(), [activity.title]), *activity.participants)
        shown = NameMasker(names).text(activity.title)
        title = f"“{shown}”" if shown else "没有标题的活动"
        raise Refused(
            f"{activity.day} 已经记过 {activity.item} {title}（编号 {short_id(found[0])}）",
            "确实是另一场就加 --again，或用 -t 写上不同的标题",
        )


def _refuse_gone(session: Session, entry: Entry) -> None:
    connection = session.connection()
    if connection.execute(
        text("SELECT 1 FROM void WHERE activity_id = :id"), {"id": entry.id}
    ).first():
        raise Refused(f"{short_id(entry.id)} 已经作废", "需要的话重新 sgtrack log 一条")
    newer = connection.execute(
        text("SELECT id FROM activity WHERE replaces = :id"), {"id": entry.id}
    ).first()
    if newer:
        raise Refused(
            f"{short_id(entry.id)} 已经更正过，现在的记录是 {short_id(newer[0])}",
            f"改用新的编号 {short_id(newer[0])}",
        )
    if entry.set_aside is not None:
        raise Refused(
            f"{short_id(entry.id)} 和另一台电脑上的更正冲突，现在不计数",
            f"先决定用哪一个：sgtrack resolve {short_id(entry.id)} -r 原因",
        )
