"""Sessions under the name of their group: matched, refused if close, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.series_matching import (
    ClosedSeries,
    SimilarSeries,
    session_words,
    settle_session,
    under_series,
)
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, SeriesSession
from sgtrack.model.errors import Refused

from ..support.contracts import with_items

DAY = date(2026, 3, 15)


def session(title: str, day: int = 1, *, closes: bool = False) -> SeriesSession:
    return SeriesSession(f"01ABC{day:02}", date(2026, 3, day), title, closes)


def settle(project: Project, title: str, *known: SeriesSession, new: bool = False) -> Activity:
    activity = Activity(project.slug, "6.8.2", DAY, title, note="带了水彩笔")
    return settle_session(project, activity, known, new=new).activity


@pytest.mark.parametrize(
    "title",
    ["夕阳红小组第二节", "夕阳红 小组（第2次）", "“夕阳红”小组第２次活动", "第2节夕阳红小组"],
)
def test_the_spelling_in_the_ledger_is_taken(project: Project, title: str) -> None:
    for spelling in ("夕阳红小组", "“夕阳红”小组", "夕阳红　小组"):
        settled = settle(project, title, session(spelling), session("彩虹小组", 2))
        assert (settled.title, settled.session, settled.note) == (spelling, 2, "带了水彩笔")


def test_a_plain_name_goes_before_a_spelling_with_a_number(project: Project) -> None:
    older = (session("夕阳红小组第一节"), session("夕阳红小组", 2), session("夕阳红小组第三节", 3))
    for known in (older, older[::-1]):
        assert settle(project, "夕阳红小组第四节", *known).title == "夕阳红小组"
    assert settle(project, "夕阳红小组第四节", older[0]).title == "夕阳红小组第一节"


@pytest.mark.parametrize(
    ("title", "note"),
    [
        ("夕阳红小组第二节“认识情绪”", "带了水彩笔；主题：认识情绪"),
        ("夕阳红小组：画一画我的家", "带了水彩笔；主题：画一画我的家"),
        ("夕阳红小组第1-2节", "带了水彩笔；第1-2节"),
        ("夕阳红小组最后一节“再见”", "带了水彩笔；主题：再见；最后一节"),
    ],
)
def test_the_other_words_of_a_title_are_kept_in_the_note(
    project: Project, title: str, note: str
) -> None:
    settled = settle(project, title)
    assert (settled.title, settled.note) == ("夕阳红小组", note)
    assert settle(project, settled.title, session("夕阳红小组")).note == "带了水彩笔"


@pytest.mark.parametrize("title", ["夕阳虹小组第2节", "夕阳红", "夕阳红小组2", "夕阳红互助小组"])
def test_a_name_close_to_an_open_one_is_refused(project: Project, title: str) -> None:
    with pytest.raises(SimilarSeries) as caught:
        settle(project, title, session("彩虹小组", 2), session("夕阳红小组"))
    assert "进行中的“夕阳红小组”（编号 1ABC01）名称相近" in caught.value.message
    assert caught.value.hint == "是同一个就写 -t 夕阳红小组；是另一个就加 --again"
    settled = settle(project, title, session("夕阳红小组"), new=True)
    assert settled.title == title.removesuffix("第2节")
    closed = session("夕阳红小组", closes=True)
    assert settle(project, title, closed).title == settled.title


@pytest.mark.parametrize("title", ["小组活动", "第2次", "小组第二节"])
def test_a_title_without_a_name_is_asked(project: Project, title: str) -> None:
    with pytest.raises(SimilarSeries) as caught:
        settle(project, title, session("夕阳红小组"), session("彩虹小组", 2))
    assert caught.value.message.startswith("没有写是哪一个，进行中的有“夕阳红小组”")
    assert caught.value.hint == "写上名称，如 -t 夕阳红小组"
    assert [c.title for c in caught.value.candidates] == ["夕阳红小组", "彩虹小组"]
    if title == "第2次":
        with pytest.raises(Refused, match="要写名称，“第2次”里没有"):
            settle(project, title)


def test_the_number_and_the_words_survive_the_choice_of_a_name(project: Project) -> None:
    def chosen(title: str) -> tuple[str, int | None, str]:
        typed = under_series(ActivityInput(title=title), "夕阳红小组")
        settled = settle(project, typed.title or "", session("夕阳红小组"))
        return settled.title, settled.session, settled.note.removeprefix("带了水彩笔")

    assert chosen("夕阳虹小组") == ("夕阳红小组", None, "")
    assert chosen("夕阳虹小组第3节“再见”") == ("夕阳红小组", 3, "；主题：再见")
    assert chosen("夕阳红小组认识情绪活动") == ("夕阳红小组", None, "；主题：认识情绪活动")
    assert chosen("第1-2节") == ("夕阳红小组", None, "；第1-2节")
    assert chosen("小组活动") == ("夕阳红小组", None, "")


def test_a_closed_group_and_a_repeated_number_are_told(project: Project) -> None:
    def remarks(day: int, title: str) -> tuple[str, ...]:
        activity = Activity(project.slug, "6.8.2", date(2026, 3, day), title)
        known = (
            SeriesSession("01ABC", date(2026, 3, 1), "夕阳红小组", number=1),
            SeriesSession("01DEF", date(2026, 3, 8), "夕阳红小组", closes=True, number=2),
        )
        return settle_session(project, activity, known).remarks

    assert remarks(5, "夕阳红小组") == ()
    with pytest.raises(ClosedSeries, match="2026-03-08 已经结束"):
        remarks(9, "夕阳红小组第3节")
    (repeated,) = remarks(5, "“夕阳红”小组第二节")
    assert repeated == "“夕阳红小组”第2节已经记过（2026-03-08，编号 01DEF）"


@pytest.mark.parametrize(
    ("title", "known", "new_name"),
    [
        ("夕阳红小组第3节", ["夕阳红小组"], "夕阳红小组（二）"),
        ("夕阳红 小组", ["夕阳红小组", "夕阳红小组（二）"], "夕阳红小组（三）"),
        ("夕阳红小组（二）", ["夕阳红小组", "夕阳红小组（二）"], "夕阳红小组（三）"),
    ],
)
def test_a_session_after_the_end_is_asked(
    project: Project, title: str, known: list[str], new_name: str
) -> None:
    sessions = [session(name, day, closes=True) for day, name in enumerate(known, start=1)]
    with pytest.raises(ClosedSeries) as caught:
        settle(project, title, *sessions)
    assert caught.value.new_name == new_name
    assert "接着做就加 --reopen；是新的一个就加 --again" in caught.value.hint
    assert settle(project, title, *sessions, new=True).title == new_name
    activity = Activity(project.slug, "6.8.2", DAY, title)
    settled = settle_session(project, activity, sessions, reopens=True)
    assert settled.activity.title == caught.value.name
    assert "接着做" in settled.remarks[0]


def test_an_open_group_that_follows_an_ended_one_is_offered(project: Project) -> None:
    sessions = (session("夕阳红小组", closes=True), session("夕阳红小组（二）", 2))
    with pytest.raises(ClosedSeries) as caught:
        settle(project, "夕阳红小组", *sessions)
    assert [open_.title for open_ in caught.value.candidates] == ["夕阳红小组（二）"]
    assert "-t 夕阳红小组（二）" in caught.value.hint


def test_how_a_session_counts_is_told(project: Project) -> None:
    one = (SeriesSession("01ABC", date(2026, 3, 1), "夕阳红小组"),)
    group = Activity(project.slug, "6.8.2", DAY, "夕阳红小组")
    assert session_words(project, group, ()) == "夕阳红小组，新的1个"
    assert session_words(project, group, one) == "夕阳红小组，共2条记录，仍计1个"
    assert session_words(project, replace(group, session=2), one) == "夕阳红小组第2节，仍计1个"
    case = Activity(project.slug, "6.8.1", DAY, "张某个案", session=4)
    assert session_words(project, case, one) == "张某个案第4次，仍计1个"
    assert session_words(project, replace(case, item="5.1"), one) == ""


@pytest.mark.parametrize(
    ("records", "closes", "words"),
    [
        (1, False, "夕阳红小组，共1条记录，满3节才计1个"),
        (2, False, "夕阳红小组，共2条记录，满3节才计1个"),
        (2, True, "夕阳红小组，共2条记录，计1个"),
        (3, False, "夕阳红小组，共3条记录，计1个"),
        (4, False, "夕阳红小组，共4条记录，仍计1个"),
    ],
)
def test_a_group_of_several_sessions_counts_when_it_has_them(
    project: Project, records: int, closes: bool, words: str
) -> None:
    strict = with_items(project, lambda item: replace(item, sessions=3))
    others = [SeriesSession(str(n), DAY, "夕阳红小组") for n in range(records - 1)]
    group = Activity(
        project.slug, "6.8.2", DAY, "夕阳红小组", closes=closes, amounts={"个": Decimal(1)}
    )
    assert session_words(strict, group, others) == words
