"""Gives the sessions of groups and cases in the rows of sheets the names of their groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sgtrack.app.series import read_series
from sgtrack.app.snapshot import Snapshot
from sgtrack.entry.series_matching import (
    ClosedSeries,
    SimilarSeries,
    series_items,
    settle_session,
)
from sgtrack.entry.series_names import read_series_title, series_key
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, SeriesSession, short_id
from sgtrack.model.errors import Refused
from sgtrack.sheets.cell_parsing import BadCell, reason_with_hint
from sgtrack.sheets.row_parsing import Read, SkippedRow


def settle_rows(
    snapshot: Snapshot, project: Project, rows: Iterable[Read | BadCell | SkippedRow]
) -> Iterator[Read | BadCell | SkippedRow]:
    """Give the sessions in the rows of sheets the names of their groups.

    The rows of one group have the spelling of the first of them. A row becomes an invalid cell if
    its name is close to that of an open group in the ledger.
    """
    known: dict[str, dict[str, SeriesSession]] = {}
    for row in rows:
        items = series_items(project, row.activity.items) if isinstance(row, Read) else ()
        if not isinstance(row, Read) or not items:
            yield row
            continue
        for item in items:
            if item.code not in known:
                sessions = read_series(snapshot, project, (item.code,))
                known[item.code] = _by_title(sessions)
        titles = [session for item in items for session in known[item.code].values()]
        try:
            activity = settle_session(project, row.activity, titles).activity
        except Refused as refused:
            place, reason = f"第{row.row}行", reason_in_sheet(refused)
            yield BadCell(row.sheet, place, row.activity.title, reason)
            continue
        for item in items:
            new = SeriesSession("", activity.day, activity.title)
            known[item.code].setdefault(activity.title, new)
        yield replace(row, activity=activity)


def _by_title(sessions: Iterable[SeriesSession]) -> dict[str, SeriesSession]:
    """Return one session for each title: one that closes the group, if there is any."""
    titles: dict[str, SeriesSession] = {}
    for session in sessions:
        if session.closes or session.title not in titles or not titles[session.title].closes:
            titles[session.title] = session
    return titles


def reason_in_sheet(refused: Refused) -> str:
    """Return why a row is invalid and what to write, without options of the command line."""
    if isinstance(refused, ClosedSeries):
        end = short_id(refused.end.entry_id)
        return (
            f"{refused.message}；是新的一个就写别的标题，如 {refused.shown[1]}；"
            f"接着做就先用 sgtrack amend {end} --reopen -r 原因，再导入"
        )
    if not isinstance(refused, SimilarSeries):
        return reason_with_hint(refused)
    _, title, *_ = refused.shown
    return (
        f"{refused.message}，是它就把标题写成 {title}；"
        "是另一个就先用 sgtrack log 加 --again 记它的第一次，再导入"
    )


def is_title_of(project: Project, activity: Activity, title: str) -> bool:
    """Return whether the record of a session already has everything that a title says."""
    if not series_items(project, activity.items):
        return False
    reading = read_series_title(title, [activity.title])
    return (
        series_key(reading.name) == series_key(activity.title)
        and reading.session in (None, activity.session)
        and reading.note in activity.note
    )
