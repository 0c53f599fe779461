"""The documented views give the progress of ``status`` for any contract and any entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from sgtrack.checks.contract_record import contract_record
from sgtrack.ledger.append import add, note_contract
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.ledger.roster_records import add_people
from sgtrack.model.contract import Kind, Project
from sgtrack.model.entries import Activity, EntryFilter, Origin, Person
from sgtrack.model.units import number
from sgtrack.progress.contract_status import compute_status, figure_query_of
from sgtrack.progress.explanation import explain_items
from sgtrack.recovery.backups import writing
from sgtrack.store.connection import Connection
from sgtrack.store.opening import reading
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace

from ..support.examples import examples
from ..support.ledgers import Ledgers

CONTRACT = """
name: 河湾社区
county: 乐至县
street: 西街
period: {start: 2026-01-15, end: 2027-09-20, checked: true}
brief: {title: 简报, window_starts: 1}
pace: {on_track: 0.8, remind_days: 7}
categories:
  - code: 1
    name: 社区活动
    content: 文艺、慰问和宣传。
    clauses:
      - code: 1.1
        text: 慰问老人40人次，每季度2场，每场不少于2人；
        items: [{name: 慰问, total: {人次: 40}, quarterly: {场: 2}, each: {人: 2}}]
      - code: 1.2
        text: 走访10户，每次不少于2户，不同的人20名；
        items: [{name: 走访, total: {户次: 10, 名: 20}, each: {户: 2}}]
      - code: 1.3
        text: 培训居民，每人只计一次，共9人次，每月1人；
        items:
          - name: 居民培训
            total: {人次: 9}
            monthly: {人: 1}
            due_day: 20
            once_per_person: true
      - code: 1.4
        text: 宣传4场，其中反诈宣传2场；
        items:
          - {code: 1.4.1, name: 宣传, total: {场: 4, 份: 100}}
          - {code: 1.4.2, name: 反诈宣传, total: {场: 2}, part_of: 1.4.1}
      - code: 1.5
        text: 培育组织，包括文体类、公益类、互助类；
        items: [{name: 组织培育, total: {支: 2}, types: [文体类, 公益类, 互助类]}]
      - code: 1.6
        text: 制度上墙。
        items: [{name: 制度, milestone: true}]
  - code: 2
    name: 专业服务
    content: 小组、个案、培训和简报。
    clauses:
      - code: 2.1
        text: 个案2个，每年1个；
        items: [{name: 个案, total: {个: 2}, yearly: {个: 1}, series: true}]
      - code: 2.2
        text: 小组2个，每个不少于3节，每节不少于2人；
        items: [{name: 小组, total: {个: 2}, series: true, sessions: 3, each: {人: 2}}]
      - code: 2.3
        text: 社工每人每年12学时，志愿者每人每年3.5学时；
        items:
          - {code: 2.3.1, name: 社工培训, per_person: {学时: 12}, role: 社工}
          - {code: 2.3.2, name: 志愿者培训, per_person: {学时: 3.5}, role: 志愿者}
      - code: 2.4
        text: 每月5日前报送简报。
        items: [{name: 简报, monthly: {期: 1}, due_day: 5, brief: true}]
changes:
  - from: 2026-08-10
    document: 补充协议一
    targets:
      1.1: {total: {人次: 25}, quarterly: {场: 1}}
      2.3.1: {per_person: {学时: 7}}
    add:
      - clause: 1.7
        text: 防溺水宣传3场，每场不少于3人次。
        items: [{name: 防溺水宣传, total: {场: 3, 人: 12}, each: {人次: 3}}]
    end: [1.6]
  - from: 2027-05-01
    document: 补充协议二
    period_end: 2027-12-31
"""
ITEMS = {
    "1.1": ("人次", "场"),
    "1.2": ("户次", "名"),
    "1.3": ("人次", "人"),
    "1.4.1": ("场", "份"),
    "1.4.2": ("场",),
    "1.5": ("支",),
    "1.6": (),
    "1.7": ("场", "人"),
    "2.1": ("个",),
    "2.2": ("个", "人次"),
    "2.3.1": ("学时",),
    "2.3.2": ("学时",),
    "2.4": ("期",),
}
TYPES = ("文体类", "公益类", "互助类", "别的")
FIRST, LAST = date(2026, 1, 3), date(2028, 1, 20)
DAYS = st.dates(FIRST, LAST)
NAMES = st.lists(st.sampled_from(["甲", "乙", "丙", "丁"]), unique=True, max_size=3)


@st.composite
def activities(draw: st.DrawFn, until: date) -> Activity:
    item = draw(st.sampled_from(sorted(ITEMS)))
    day = draw(st.dates(FIRST, until))
    units = draw(st.sets(st.sampled_from(ITEMS[item]))) if ITEMS[item] else set()
    numbers = st.sampled_from(["0.35", "3.5", "8"]) if "学时" in ITEMS[item] else st.integers(1, 4)
    return Activity(
        "hewan",
        item,
        day,
        title=draw(st.sampled_from(["甲组", "乙组", ""])),
        activity_type=draw(st.sampled_from(TYPES)) if item == "1.5" else "",
        amounts={unit: Decimal(str(draw(numbers))) for unit in sorted(units)},
        participants=tuple(draw(NAMES)),
        also=tuple(draw(st.sampled_from([(), ("1.4.2",), ("1.1", "2.2")]))),
        closes=item in ("2.1", "2.2") and draw(st.booleans()),
        for_month=f"{day:%Y-%m}" if item == "2.4" else "",
    )


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    names = draw(st.lists(st.sampled_from(["甲", "乙", "丙"]), unique=True, max_size=3))
    stays = st.one_of(st.none(), st.dates(date(2027, 1, 1), LAST))
    since = st.dates(FIRST, date(2026, 12, 31))
    return [Person("", "hewan", name, "社工", draw(since), draw(stays)) for name in names]


@st.composite
def ledgers_of(draw: st.DrawFn) -> tuple[date, list[Activity], list[Person]]:
    today = draw(DAYS)
    logged = draw(st.lists(activities(today), max_size=30))
    return today, logged, draw(people())


def contract(folder: Path) -> Project:
    (folder / "targets").mkdir()
    (folder / "targets" / "hewan.yaml").write_text(CONTRACT, encoding="utf-8")
    loaded = load_folder(folder / "targets")
    assert not loaded.problems
    return loaded.projects[0]


def view(db: Connection, name: str, columns: str, order: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.execute(f"SELECT {columns} FROM {name} ORDER BY {order}")]


def session(day: date, **more: Any) -> Activity:
    amounts = {"个": Decimal(1), "人次": Decimal(more.pop("came", 2))}
    return Activity("hewan", "2.2", day, title="甲组", amounts=amounts, **more)


@examples(quick=15, thorough=500)
@example((date(2026, 6, 30), [], []))
@example(
    (
        date(2026, 12, 31),
        [
            session(date(2026, 3, 1), came=1, closes=True),
            session(date(2026, 3, 1)),
            session(date(2026, 5, 2)),
            session(date(2026, 5, 1)),
        ],
        [],
    )
)
@given(ledgers_of())
def test_the_views_agree_with_status_and_explain(
    ledgers: Ledgers, drawn: tuple[date, Sequence[Activity], list[Person]]
) -> None:
    today, logged, roster = drawn
    origin = Origin(datetime.fromisoformat(f"{today}T09:00:00+08:00"), "甲", "sgtrack")
    with TemporaryDirectory() as name:
        project = contract(Path(name))
        place = ledgers.give(Workspace(Path(name))).ledger
        with writing(place) as transaction:
            add_people(transaction, roster, origin)
            note_contract(transaction, "hewan", contract_record(project), origin)
            for activity in logged:
                add(transaction, activity, origin, again=True)
        with reading(place) as db:
            compare(db, project, today)


def compare(db: Connection, project: Project, today: date) -> None:
    """Compare every figure of the views on a day with those of the program."""
    figures = read_figures(db, "hewan", figure_query_of(project, [today]))
    status = compute_status(project, figures, today)
    now = status.project
    wanted = [
        (p.item.code, p.indicator.kind, p.indicator.unit, number(p.actual), float(p.percent))
        for p in status.claimed.indicators
    ]
    columns = "item, kind, unit, actual, percent"
    assert view(db, "progress", columns, "place") == wanted
    assert view(db, "communities", "percent, as_of", "1") == [
        (float(status.claimed.percent), today.isoformat())
    ]
    periods = [
        (p.item.code, p.indicator.kind, one.owed.label, number(one.target), number(one.actual))
        for p in status.claimed.indicators
        for one in p.periods
    ]
    columns = "item, kind, period, target, actual"
    assert sorted(view(db, "periods", columns, "1")) == sorted(periods)
    entries = read_entries(db, EntryFilter(("hewan",)))
    explained = explain_items(now, now.items.values(), entries)
    wanted_credits = [
        (item, one.indicator.kind, one.indicator.unit, line.entry.id, number(line.counted))
        for item, explanations in explained.items()
        for one in explanations
        if one.indicator.kind is not Kind.PER_PERSON
        for line in one.lines
        if line.counted
    ]
    columns = "item, kind, unit, activity_id, amount"
    credits = [row for row in view(db, "counted", columns, "1") if row[-1]]
    assert sorted(credits, key=str) == sorted(map(as_floats, wanted_credits), key=str)


def as_floats(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row with its last value as the views write it."""
    return (*row[:-1], float(row[-1]))
