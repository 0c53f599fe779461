"""Issued briefs add up to the cumulative figures, whatever is corrected, voided or logged late."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.app.brief_issuing import issue_brief
from sgtrack.app.context import AppContext
from sgtrack.ledger.append import add, amend, void
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.ledger.issued_briefs import read_issued_briefs, read_unreported_changes
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, Origin
from sgtrack.model.errors import Refused
from sgtrack.model.issued import UnreportedChanges
from sgtrack.model.location import Location
from sgtrack.progress.contract_status import compute_progress, figure_query_of
from sgtrack.progress.periods import month_ends, windows
from sgtrack.progress.tally import tally
from sgtrack.recovery.backups import writing
from sgtrack.report.report_composition import compute_month_columns
from sgtrack.store.opening import ledger_exists, reading
from sgtrack.targets.loading import load_file
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.examples import examples
from ..support.files import remove
from ..support.ledgers import Ledgers, contents, raw, read

SMALL = """\
name: 甲社区
street: 乙街道
period: {start: 2026-01-01, end: 2026-06-30}
categories:
  - code: 1
    name: 服务
    clauses:
      - code: 1.1
        text: 宣讲10场，600人次，其中殡葬4场。
        items:
          - name: 宣讲
            total: {场: 10, 人次: 600}
          - {code: 1.1.1, part_of: 1.1, name: 殡葬, total: {场: 4, 人次: 300}}
      - code: 1.2
        text: 志愿者20人，类型两种。
        items:
          - {name: 志愿者, total: {人: 20}, types: [青年, 老年]}
      - code: 1.3
        text: 小组4个。
        items:
          - {name: 小组, total: {个: 4}, series: true, sessions: 2, each: {人: 20}}
      - code: 1.4
        text: 每月报道1次。
        items:
          - {name: 报道, monthly: {次: 1}}
      - code: 1.5
        text: 制度上墙。
        items:
          - {name: 制度, milestone: true}
      - code: 1.6
        text: 每月25日前交简报。
        items:
          - {name: 简报, monthly: {期: 1}, due_day: 25, brief: true}
      - code: 1.7
        text: 讲座10场，每场不少于30人，每人只计一次，其中健康讲座4场。
        items:
          - {name: 讲座, total: {场: 10, 人次: 300}, each: {人: 30}}
          - {code: 1.7.1, part_of: 1.7, name: 健康讲座, total: {场: 4}}
          - {code: 1.7.2, name: 咨询, total: {人次: 300}, once_per_person: true}
changes:
  - from: 2026-03-15
    document: 补充协议
    targets:
      1.1: {total: {人次: 700}}
      1.4: {monthly: {次: 2}}
    add:
      - clause: 1.8
        text: 防诈宣传4场。
        items:
          - {name: 防诈, total: {场: 4, 人次: 90}}
    end: [1.1.1]
    period_end: 2026-07-31
"""
FIRST = date(2026, 1, 1)
NAMED = ("1.2", "1.7.2")
LEAST = {"1.7": 30}
"""The number of people that an activity of the item needs to count."""


def blank(*_: object) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return empty pages of a brief."""
    return {"md": b"md", "docx": b"docx"}, ()


@dataclass
class DatedContext(AppContext):
    """A context with a chosen day and officer."""

    who: Origin | None = None

    def origin(self) -> Origin:
        assert self.who is not None
        return self.who


@dataclass
class Ledger:
    """A workspace with the small contract, and its current day."""

    workspace: Workspace
    project: Project
    today: date = FIRST
    month: int = 0
    entries: list[Entry] = field(default_factory=list)
    rendered: bool = True
    """Without it the files are left out: what is tested are the figures, over many ledgers."""

    @property
    def origin(self) -> Origin:
        moment = datetime(self.today.year, self.today.month, self.today.day, 9).astimezone()
        return Origin(moment, "甲", "sgtrack")

    def issue(self) -> None:
        self.month += 1
        every = windows(self.project)
        window = every[min(self.month, len(every)) - 1]
        if self.month > len(every):
            window = replace(window, part=self.month - len(every) + 1, due=self.today)
        self.today = max(self.today, window.period.end - timedelta(days=1))
        with (
            nullcontext()
            if self.rendered
            else patch("sgtrack.app.brief_issuing.render_brief", blank)
        ):
            context = DatedContext(who=self.origin)
            context.workspace, context.today = self.workspace, self.today
            issued = issue_brief(context, self.project, window, {}).issued
        assert issued is not None
        with reading(self.workspace.ledger) as db:  # everything was told, and so is told once
            assert read_unreported_changes(db, "small", issued.last_day) == UnreportedChanges()

    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    def add(self, item: str, back: int, amount: int, name: str) -> None:
        day = max(self.today - timedelta(days=back), FIRST)
        amounts = {unit: Decimal(1) for unit in self.project.units_of(item)}
        if "人次" in amounts:
            amounts["人次"] = Decimal(amount)
        kind = ("青年", "老年")[amount % 2] if item == "1.2" else ""
        names = (name,) if item in NAMED else ()
        made = Activity(
            "small",
            item,
            day,
            title=name,
            activity_type=kind,
            amounts=amounts,
            participants=names,
            closes=False,
        )
        with writing(self.workspace.ledger) as transaction:
            self.entries.append(add(transaction, made, self.origin, again=True))

    def amend(self, which: int, back: int, amount: int, name: str) -> None:
        if not self.entries:
            return
        place = which % len(self.entries)
        old = self.entries[place]
        day = max(self.today - timedelta(days=back), FIRST)
        amounts = {
            u: Decimal(amount) if u == "人次" else a for u, a in old.activity.amounts.items()
        }
        names = (name,) if old.activity.participants else ()
        made = Activity(
            "small",
            old.activity.item,
            day,
            title=name,
            activity_type=old.activity.activity_type,
            amounts=amounts,
            participants=names,
            closes=amount % 3 == 0 and old.activity.item == "1.3",
        )
        with writing(self.workspace.ledger) as transaction:
            newer = amend(transaction, old, made, self.origin, "核对", again=True)
        self.entries[place] = newer

    def void(self, which: int) -> None:
        if self.entries:
            entry = self.entries.pop(which % len(self.entries))
            with writing(self.workspace.ledger) as transaction:
                void(transaction, entry, self.origin, "重复")


WHO = st.sampled_from(["甲", "乙", "丙", "丁"])
ITEMS = st.sampled_from(
    ["1.1", "1.1.1", "1.2", "1.3", "1.4", "1.5", "1.7", "1.7.1", "1.7.2", "1.8"]
)
BACK = st.integers(0, 70)
AMOUNT = st.integers(1, 90)
STEPS: st.SearchStrategy[Callable[[Ledger], None]] = st.one_of(
    st.builds(lambda i, b, a, w: lambda ledger: ledger.add(i, b, a, w), ITEMS, BACK, AMOUNT, WHO),
    st.builds(
        lambda n, b, a, w: lambda ledger: ledger.amend(n, b, a, w),
        st.integers(0, 20),
        BACK,
        AMOUNT,
        WHO,
    ),
    st.builds(lambda n: lambda ledger: ledger.void(n), st.integers(0, 20)),
    st.builds(lambda n: lambda ledger: ledger.wait(n), st.integers(1, 40)),
    st.just(lambda ledger: ledger.issue() if ledger.month < 6 else None),
)


def new_ledger(ledgers: Ledgers, root: Path, *, rendered: bool = True) -> Ledger:
    (root / "targets").mkdir(parents=True)
    (root / "targets" / "small.yaml").write_text(SMALL, encoding="utf-8")
    project, problems = load_file(root / "targets" / "small.yaml")
    assert project is not None, problems
    return Ledger(ledgers.give(Workspace(root)), project, rendered=rendered)


ADDITIVE = (
    ("1.1", "total", "场", ""),
    ("1.1", "total", "人次", ""),
    ("1.1.1", "total", "人次", ""),
    ("1.7", "total", "场", ""),
    ("1.7", "total", "人次", ""),
    ("1.7.1", "total", "场", ""),
    ("1.4", "periodic", "次", "month"),
    ("1.6", "periodic", "期", "month"),
)


@examples(quick=10, thorough=200)
@given(st.lists(STEPS, min_size=8, max_size=24), st.none() | st.lists(STEPS, max_size=8))
def test_issued_briefs_and_what_is_not_issued_are_the_cumulative_figures(
    ledgers: Ledgers,
    steps: list[Callable[[Ledger], None]],
    after: list[Callable[[Ledger], None]] | None,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = new_ledger(ledgers, Path(folder), rendered=False)
        for step in steps:
            step(ledger)
        if after is not None:
            while ledger.month < len(windows(ledger.project)):
                ledger.issue()
            for step in after:
                step(ledger)
            ledger.issue()  # a supplement
        path, project = ledger.workspace.ledger, ledger.project
        briefs = read(read_issued_briefs, path, "small")
        as_of = max([ledger.today, *(brief.last_day for brief in briefs)])
        detail = figure_query_of(project, [as_of, *month_ends(project)])
        tallies = tally(project, read(read_figures, path, "small", detail))
        columns = compute_month_columns(project, tallies, briefs, as_of)
        assert [c.label for c in columns if c.issued] == [brief.label for brief in briefs]
        for one in compute_progress(project, tallies, as_of).indicators:
            key = one.indicator.key
            assert (
                sum((column.gains.get(key, Decimal(0)) for column in columns), Decimal(0))
                == one.actual
            )
        for item, kind, unit, per in ADDITIVE:
            gains = [brief.gains[item, kind, unit, per] for brief in briefs]
            assert gains == reported_gains(path, item, unit)
        assert reported_early(path) == []


def reported_gains(path: Location, item: str, unit: str) -> list[Decimal]:
    """What each brief told of, added up by plain SQL: entries, less what they or voids replace.

    An entry counts from the brief that tells of it, or from the one that reaches its day where a
    correction moved it ahead; it ceases to count with the brief that tells of what came after.
    """
    if not ledger_exists(path):
        return []
    with raw(path) as db:
        return _reported_gains(db, item, unit)


def _reported_gains(db: Any, item: str, unit: str) -> list[Decimal]:
    briefs = db.execute("SELECT id, last_day FROM issued_brief ORDER BY number, part").fetchall()
    number = {brief_id: n for n, (brief_id, _) in enumerate(briefs)}
    told = {e: number[b] for e, b in db.execute("SELECT entry_id, brief_id FROM issued_entry")}
    after = dict(db.execute("SELECT replaces, id FROM activity WHERE replaces IS NOT NULL"))
    after |= dict(db.execute("SELECT activity_id, id FROM void"))
    gains = [Decimal(0)] * len(briefs)
    for entry, own, day in db.execute("SELECT id, item, day FROM activity").fetchall():
        if entry not in told or own not in (item, f"{item}.1"):
            continue
        there = db.execute(
            "SELECT 1 FROM amount WHERE activity_id = ? AND unit = '人次' AND hundredths >= ?",
            (entry, LEAST.get(item, 0) * 100),
        )
        if item in LEAST and there.fetchone() is None:
            continue
        row = db.execute(
            "SELECT hundredths FROM amount WHERE activity_id = ? AND unit = ?", (entry, unit)
        ).fetchone()
        amount = Decimal(row[0]) / 100 if row else Decimal(0)
        reached = [n for n, (_, last) in enumerate(briefs) if last >= day]
        begins = max(told[entry], reached[0]) if reached else len(briefs)
        later = after.get(entry)
        while later is not None and later not in told:
            later = after.get(later)
        ends = told[later] if later is not None else len(briefs)
        if begins < ends:
            if begins < len(briefs):
                gains[begins] += amount
            if ends < len(briefs):
                gains[ends] -= amount
    return gains


def reported_early(path: Location) -> list[str]:
    """The entries that a brief tells of although their day was not reached; none may be.

    A correction of something told takes away from it at once, and so is told of at once.
    """
    if not ledger_exists(path):
        return []
    with raw(path) as db:
        found = db.execute(
            "SELECT a.id FROM issued_entry AS i JOIN issued_brief AS b ON b.id = i.brief_id JOIN "
            "activity AS a ON a.id = i.entry_id WHERE a.day > b.last_day AND a.replaces IS NULL"
        ).fetchall()
    return [row[0] for row in found]


@examples(quick=5, thorough=60)
@given(st.lists(STEPS, min_size=3, max_size=10))
def test_nothing_later_changes_an_issued_brief(
    ledgers: Ledgers, steps: list[Callable[[Ledger], None]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = new_ledger(ledgers, Path(folder), rendered=False)
        ledger.add("1.1", 0, 30, "甲")
        ledger.issue()
        (first,) = read(read_issued_briefs, ledger.workspace.ledger, "small")
        for step in steps:
            step(ledger)
        assert read(read_issued_briefs, ledger.workspace.ledger, "small")[0] == first


def test_a_voided_then_reported_entry_is_taken_back_in_the_next_brief(
    tmp_path: Path, ledgers: Ledgers
) -> None:
    ledger = new_ledger(ledgers, tmp_path / "w")
    ledger.add("1.1", 0, 30, "甲")
    ledger.issue()
    ledger.void(0)
    ledger.issue()
    january, february = read(read_issued_briefs, ledger.workspace.ledger, "small")
    key = ("1.1", "total", "人次", "")
    assert (january.gains[key], february.gains[key], february.totals[key]) == (30, -30, 0)
    assert "作废" in february.context


def test_a_brief_after_an_early_one_begins_where_that_one_ended(
    run: Run, log: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = ("--issue", "--yes", "-c", "xianheguan")
    monkeypatch.setenv("SGTRACK_TODAY", "2026-03-20")
    log("5.1", "3人次", "-d", "3-10")
    assert run("brief", "--month", "3", *issue).code == 0
    monkeypatch.setenv("SGTRACK_TODAY", "2026-04-24")
    log("5.1", "2人次", "-d", "3-22")
    assert run("brief", "--month", "4", *issue).code == 0
    _, april = json.loads(run("brief", "list", "-c", "xianheguan", "--json").out)
    assert (april["start"], april["end"]) == ("2026-03-21", "2026-04-24")
    text = (workspace.briefs / "xianheguan-2026-04.md").read_text(encoding="utf-8")
    assert "统计时间：2026年3月21日至2026年4月24日" in text
    assert "入户访视2人次" in text


def test_a_brief_that_could_not_be_written_leaves_nothing(tmp_path: Path, ledgers: Ledgers) -> None:
    ledger = new_ledger(ledgers, tmp_path / "w")
    ledger.add("1.1", 0, 30, "甲")
    ledger.workspace.templates.mkdir()
    (ledger.workspace.templates / "brief.md").write_text("{{ nothing }}", encoding="utf-8")
    before = contents(ledger.workspace.ledger)
    with pytest.raises(Refused, match="模板"):
        ledger.issue()
    assert contents(ledger.workspace.ledger) == before
    assert not ledger.workspace.evidence.exists()


def test_a_brief_whose_file_is_blocked_is_not_issued(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "3人次", "-d", "1-3")
    (workspace.briefs / "xianheguan-2026-01.docx").mkdir(parents=True)  # as if Word had it open
    before = contents(workspace.ledger)
    ran = run("brief", "--month", "1", "--issue", "--yes", "-c", "xianheguan")
    assert (ran.code, ran.out, "无法写入" in ran.err) == (1, "", True)
    assert contents(workspace.ledger) == before
    assert not workspace.evidence.exists()


def test_a_lost_file_of_an_issued_brief_is_rendered_from_its_frozen_figures(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "3人次", "-d", "1-3")
    issue = ("brief", "--month", "1", "--format", "md", "-c", "xianheguan")
    assert run(*issue, "--issue", "--yes").code == 0
    path = workspace.briefs / "xianheguan-2026-01.md"
    first = path.read_text(encoding="utf-8")
    (issued,) = json.loads(run("brief", "list", "-c", "xianheguan", "--json").out)
    for kept in issued["files"]:
        remove(workspace.evidence / kept["sha256"][:2] / kept["sha256"])
    log("5.1", "9人次", "-d", "1-4")
    assert run(*issue).code == 0
    assert path.read_text(encoding="utf-8") == first


def test_months_without_entries_before_the_first_may_be_left_out(run: Run, log: Run) -> None:
    log("5.1", "3人次", "-d", "3-3")
    late = run("brief", "--month", "4", "--issue", "--yes", "-c", "xianheguan")
    assert (late.code, "2026-03 有记录" in late.err) == (1, True)
    assert run("brief", "--month", "3", "--issue", "--yes", "-c", "xianheguan").code == 0
    earlier = run("brief", "--month", "1", "--issue", "--yes", "-c", "xianheguan")
    assert (earlier.code, "不是下一期" in earlier.err) == (1, True)


def test_a_submission_logged_by_hand_is_taken(run: Run, log: Run) -> None:
    log("10.3.1", "-d", "3-24", "-t", "手工登记")
    assert run("brief", "--month", "3", "--issue", "--yes", "-c", "xianheguan").code == 0
    status = run("status", "10.3.1", "-c", "xianheguan")
    assert "1/12期达标" in status.out
