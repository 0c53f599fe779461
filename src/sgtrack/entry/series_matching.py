"""Matches a session of a group or case with the sessions that are already in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.series_names import is_close, is_generic, read_series_title, series_key
from sgtrack.model.contract import Item, Project
from sgtrack.model.entries import Activity, SeriesSession, short_id
from sgtrack.model.errors import Refused


class SimilarSeries(Refused):
    """An error raised if a name may be a misspelling of the name of an open group or case.

    ``name`` is the name as typed, ``candidates`` are the last sessions of the open groups that may
    be meant. ``shown`` are the typed name and their titles as a message may show them.
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


@dataclass(frozen=True, slots=True)
class SettledSession:
    """A session under the name of its group, the other sessions of the group, and remarks."""

    activity: Activity
    others: tuple[SeriesSession, ...]
    remarks: tuple[str, ...] = ()


def series_items(project: Project, codes: Iterable[str]) -> tuple[Item, ...]:
    """Return those of some items, and of their parents, that count groups or cases."""
    served = dict.fromkeys(c for code in codes for c in project.with_ancestors(code))
    return tuple(project.items[c] for c in served if c in project.items and project.items[c].series)


def settle_session(
    project: Project, activity: Activity, sessions: Sequence[SeriesSession], *, new: bool = False
) -> SettledSession:
    """Give a session the name under which its group is in the ledger.

    The number of the session and its theme are taken from the title; the theme is kept in the note.

    Args:
        project: the contract.
        activity: the session; its title may be written in any way.
        sessions: the sessions of the series items for which the activity counts.
        new: whether the officer said that the group is another one than those with similar names.

    Raises:
        SimilarSeries: the name is close to that of an open group, and ``new`` is false.
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
    note = activity.note
    if reading.note and reading.note not in note:
        note = "；".join(part for part in (note, reading.note) if part)
    settled = replace(activity, title=name, note=note, session=reading.session or activity.session)
    others = tuple(session for session in sessions if series_key(session.title) == key)
    return SettledSession(settled, others, tuple(_remarks(project, settled, others)))


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
    closed = {series_key(session.title) for session in sessions if session.closes}
    last = {key: s for s in sessions if (key := series_key(s.title)) and key not in closed}
    similar = [
        session
        for session in last.values()
        # Sessions of the same sheet have no ids yet. Similar names in one sheet are different
        # groups.
        if is_generic(name) or (session.entry_id and is_close(name, session.title))
    ]
    if similar and not new:
        raise SimilarSeries(name, similar)
    if not name:
        (item, *_) = series_items(project, activity.items)
        raise Refused(
            f"{item.code} {item.name} 要写名称，“{activity.title}”里没有",
            "用 -t 写上名称；同一名称的多次记录只算一个",
        )


def _remarks(
    project: Project, activity: Activity, others: Sequence[SeriesSession]
) -> Iterable[str]:
    ends = [session.day for session in others if session.closes]
    if ends and activity.day > max(ends):
        yield (
            f"“{activity.title}”{max(ends)} 已经结束，这一次在结束以后；"
            "是新的一个就用 -t 写别的名称"
        )
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
