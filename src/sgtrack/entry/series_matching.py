"""Matches a session of a group or case with the sessions that are already in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.series_names import (
    is_close,
    is_generic,
    next_name,
    read_series_title,
    series_key,
)
from sgtrack.model.contract import Item, Project
from sgtrack.model.entries import Activity, SeriesSession, short_id
from sgtrack.model.errors import Incomplete, Refused


class SimilarSeries(Refused):
    """Raised if a name may be a misspelling of the name of an open group or case.

    ``name`` is the typed name. ``candidates`` are the last sessions of the open groups that may be
    meant. ``shown`` are the typed name and the titles of the candidates, in the form that a message
    may show.
    """

    def __init__(
        self, name: str, candidates: Sequence[SeriesSession], shown: Sequence[str] = ()
    ) -> None:
        self.name = name
        self.candidates = tuple(candidates)
        self.shown = tuple(shown) or (name, *(session.title for session in candidates))
        typed, *titles = self.shown
        listed = "、".join(
            f"“{title}”（编号 {short_id(session.entry_id)}）" if session.entry_id else f"“{title}”"
            for title, session in zip(titles, candidates, strict=True)
        )
        if is_generic(name):
            super().__init__(f"没有写是哪一个，进行中的有{listed}", f"写上名称，如 -t {titles[0]}")
        else:
            super().__init__(
                f"“{typed}”和进行中的{listed}名称相近，可能是同一个",
                f"是同一个就写 -t {titles[0]}；是另一个就加 --again",
            )


class ClosedSeries(Refused):
    """Raised if a session is later than the end of its group or case.

    ``name`` is the name of the group. ``new_name`` is a name for another group that would count
    separately. ``candidates`` are the last sessions of the open groups that may be meant. ``shown``
    are ``name``, ``new_name`` and the titles of the candidates, in the form that a message may
    show.
    """

    def __init__(
        self,
        end: SeriesSession,
        name: str,
        new_name: str,
        candidates: Sequence[SeriesSession] = (),
        shown: Sequence[str] = (),
    ) -> None:
        self.end = end
        self.name = name
        self.new_name = new_name
        self.candidates = tuple(candidates)
        self.shown = tuple(shown) or (name, new_name, *(open_.title for open_ in candidates))
        old, new, *titles = self.shown
        meant = "".join(f"是“{title}”就写 -t {title}；" for title in titles)
        super().__init__(
            f"“{old}”{end.day} 已经结束（编号 {short_id(end.entry_id)}），这一次在结束以后",
            f"{meant}接着做就加 --reopen；是新的一个就加 --again，名称写成 {new}",
        )


@dataclass(frozen=True, slots=True)
class SettledSession:
    """A session under the name of its group, the other sessions of the group, and remarks."""

    activity: Activity
    others: tuple[SeriesSession, ...]
    remarks: tuple[str, ...] = ()


def series_items(project: Project, codes: Iterable[str]) -> tuple[Item, ...]:
    """Return the items that count groups or cases, among the given items and their parents."""
    served = dict.fromkeys(c for code in codes for c in project.with_ancestors(code))
    return tuple(project.items[c] for c in served if c in project.items and project.items[c].series)


def settle_session(
    project: Project,
    activity: Activity,
    sessions: Sequence[SeriesSession],
    *,
    new: bool = False,
    reopens: bool = False,
) -> SettledSession:
    """Give a session the name that its group has in the ledger.

    The number of the session and its theme are taken from the title; the theme is kept in the note.

    Args:
        project: the contract.
        activity: the session; its title may be written in any way.
        sessions: the sessions of the series items for which the activity counts.
        new: whether the officer confirmed that this is a new group, although an open group has a
            similar name or an ended group has the same name.
        reopens: whether the officer confirmed that an ended group continues.

    Raises:
        SimilarSeries: the name is close to that of an open group, and ``new`` is false.
        ClosedSeries: the group ended before, and both ``new`` and ``reopens`` are false.
        Refused: the title has no name.
    """
    spellings: dict[str, str] = {}
    for session in sessions:
        key = series_key(session.title)
        # The title that equals its key has no session number, so it is the best spelling of the
        # name.
        if spellings.get(key) != key:
            spellings[key] = session.title
    reading = read_series_title(activity.title, spellings.values())
    key = series_key(reading.name)
    if key not in spellings:
        _refuse_similar(project, activity, reading.name, sessions, new=new)
    name = spellings.get(key, reading.name)
    others = tuple(session for session in sessions if series_key(session.title) == key)
    end = find_end(others, activity.day)
    if end is not None and not reopens:
        new_name = next_name(name, spellings)
        if not new:
            raise ClosedSeries(end, name, new_name, _open_successors(name, sessions))
        name, others = new_name, ()
    note = activity.note
    if reading.note and reading.note not in note:
        note = "；".join(part for part in (note, reading.note) if part)
    settled = replace(activity, title=name, note=note, session=reading.session or activity.session)
    return SettledSession(settled, others, tuple(_remarks(project, settled, others)))


def find_end(sessions: Iterable[SeriesSession], day: date) -> SeriesSession | None:
    """Return the last session in the ledger that closes a group, if it is before a day."""
    ends = [session for session in sessions if session.closes and session.entry_id]
    last = max(ends, key=lambda session: session.day, default=None)
    return last if last is not None and last.day < day else None


def under_series(typed: ActivityInput, name: str) -> ActivityInput:
    """Return input whose title names another group; the number and the other words are kept."""
    reading = read_series_title(typed.title or "")
    rest = reading.name.replace(name, "", 1) if name in reading.name else ""
    theme = "；".join(part for part in (reading.theme, "" if is_generic(rest) else rest) if part)
    number = f"第{reading.session}次" if reading.session else reading.rest
    return replace(typed, title=f"{name}{number}" + (f"“{theme}”" if theme else ""))


def _refuse_similar(
    project: Project,
    activity: Activity,
    name: str,
    sessions: Sequence[SeriesSession],
    *,
    new: bool,
) -> None:
    """Refuse a new name that is generic, or close to the name of an open group."""
    similar = [
        session
        for session in _open_series(sessions)
        # Sessions of the same sheet have no ids yet. Similar names in one sheet are different
        # groups.
        if is_generic(name) or (session.entry_id and is_close(name, session.title))
    ]
    if similar and not new:
        raise SimilarSeries(name, similar)
    if not name:
        (item, *_) = series_items(project, activity.items)
        raise Incomplete(
            f"{item.code} {item.name} 要写名称，“{activity.title}”里没有",
            "用 -t 写上名称；同一名称的多次记录只算一个",
        )


def _open_series(sessions: Sequence[SeriesSession]) -> list[SeriesSession]:
    """Return the last session of each group that has not ended."""
    closed = {series_key(session.title) for session in sessions if session.closes}
    last = {key: s for s in sessions if (key := series_key(s.title)) and key not in closed}
    return list(last.values())


def _open_successors(name: str, sessions: Sequence[SeriesSession]) -> list[SeriesSession]:
    """Return the last session of each open group whose name begins with or resembles ``name``."""
    key = series_key(name)
    return [
        session
        for session in _open_series(sessions)
        if session.entry_id
        and (series_key(session.title).startswith(key) or is_close(name, session.title))
    ]


def _remarks(
    project: Project, activity: Activity, others: Sequence[SeriesSession]
) -> Iterable[str]:
    end = find_end(others, activity.day)
    if end is not None:
        yield f"“{activity.title}”接着做，{end.day} 写的“结束”去掉"
    for session in others:
        if activity.session is not None and session.number == activity.session:
            nth = _nth(project, activity)
            where = f"{session.day}，编号 {short_id(session.entry_id)}"
            yield f"“{activity.title}”{nth}已经记过（{where}）"


def _nth(project: Project, activity: Activity) -> str:
    """Return the number of a session as people say it, such as 第2节, or an empty text."""
    return f"第{activity.session}{_occasion(project, activity)}" if activity.session else ""


def _occasion(project: Project, activity: Activity) -> str:
    (item, *_) = series_items(project, activity.items)
    return "节" if "小组" in item.name + activity.title else item.occasion


def session_words(project: Project, activity: Activity, others: Sequence[SeriesSession]) -> str:
    """Describe in Chinese how a session counts: 夕阳红小组第2节，仍计1个.

    ``others`` are the other sessions of the group. If the number of the session was not given, the
    number of records is shown instead. The text is empty for an activity that is not a session.
    """
    items = series_items(project, activity.items)
    if not items:
        return ""
    item, occasion, count = items[0], _occasion(project, activity), len(others) + 1
    begin = f"{activity.title}{_nth(project, activity)}"
    records = "" if activity.session and count > 1 else f"，共{count}条记录"
    if item.each:  # Some of the sessions may miss a condition.
        return f"{begin}，共{count}条记录"
    was_counted = len(others) >= item.sessions or any(session.closes for session in others)
    if count < item.sessions and not (was_counted or activity.closes):
        return f"{begin}，共{count}条记录，满{item.sessions}{occasion}才计1个"
    if count == 1:
        return f"{begin}，新的1个"
    return f"{begin}{records}，{'仍计' if was_counted else '计'}1个"
