"""The parts of a report: shortfalls, groups, people, media, evidence, briefs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sgtrack.app.make_report import gather_report
from sgtrack.app.snapshot import Snapshot
from sgtrack.model.contract import Project
from sgtrack.report.report_composition import compose
from sgtrack.report.report_context import ReportContext, ReportRow
from sgtrack.store.opening import reading
from sgtrack.workspace import Workspace

from ..support.command_line import Run

TODAY = date(2026, 6, 30)
HERE = ("-c", "xianheguan")
Said = Callable[..., ReportContext]


@pytest.fixture
def said(workspace: Workspace, project: Project) -> Said:
    """The mid-term report of 仙鹤观."""

    def report(as_of: date = TODAY, *, with_names: bool = False) -> ReportContext:
        with reading(workspace.ledger) as db:
            snapshot = Snapshot(db, (project,))
            material = gather_report(snapshot, project, as_of, TODAY, with_names=with_names)
        return compose("midterm", material)

    return report


def photo(tmp_path: Path, name: str) -> str:
    path = tmp_path / name
    path.write_bytes(name.encode())
    return str(path)


def row(context: ReportContext, code: str) -> ReportRow:
    return next(r for section in context.sections for r in section.rows if r.code == code)


def test_an_empty_ledger_makes_a_report_of_every_indicator(said: Said, project: Project) -> None:
    context = said()
    rows = [r for section in context.sections for r in section.rows]
    assert [r.code for r in rows] == [item.code for _, _, item, _ in project.indicators()]
    assert (context.title, context.percent) == ("中期评估报告", "0.0%")
    assert context.evidence_summary == ("共0次活动，佐证齐全的0次；存档文件0个。",)
    assert (context.series, context.highlights, context.media, context.briefs) == ((), (), (), ())


def test_each_shortfall_is_explained(said: Said, log: Run) -> None:
    for month in range(1, 7):
        log("5.1", "5人次", "-d", f"{month}-5")
    log("5.2", "1人次", "-d", "6-1")
    log("1.2", "-d", "1-7", "-t", "制度上墙")
    context = said()
    assert row(context, "5.1").shortfall == "进度正常，距目标差20人次"
    assert (
        row(context, "5.2").shortfall
        == "已完成1人次，序时应完成10人次，距目标差19人次（12月31日截止）"
    )
    assert row(context, "1.2").shortfall == ""
    assert row(context, "1.1").shortfall == "尚未完成（12月31日截止）"
    (media,) = [words for words in context.problems if words.startswith("做好宣传工作：")]
    assert "县级媒体宣传报道1月至5月尚缺5次" in media
    (help_,) = [words for words in context.problems if words.startswith("提供救助服务：")]
    assert "照料护理完成1人次，序时应完成10人次" in help_
    assert "入户访视" not in help_
    assert len(context.problems) <= len(context.sections)


def test_at_the_end_only_what_is_missing_is_told(said: Said, log: Run) -> None:
    log("5.1", "49人次", "-d", "6-1")
    (help_,) = [w for w in said(date(2026, 12, 31)).problems if w.startswith("提供救助服务：")]
    assert help_.startswith("提供救助服务：项目期满时未完成8项（入户访视尚缺1人次；")
    assert "序时" not in help_


def test_services_are_summed_up_by_the_people_they_are_for(said: Said, log: Run, run: Run) -> None:
    log("6.3", "1场", "40人次", "-d", "3-2", "-t", "重阳")
    log("6.2", "12人次", "-d", "3-3")
    log("5.2", "3人次", "-d", "3-4")
    log("6.8.1", "2人次", "-t", "独居老人个案", "-d", "3-5")
    log("6.8.2", "8人次", "-t", "向日葵", "-d", "3-6")
    log("3.1", "20户次", "-d", "3-7")
    log("7.2.2", "5人", "-d", "3-8")  # different people cannot be summed
    log("10.1", "1次", "-d", "3-9", "-t", "县报")  # no service to people
    assert run("brief", "--month", "1", "--issue", "--yes", *HERE).code == 0
    groups = {one.name: (one.activities, one.amounts, one.services) for one in said().groups}
    assert groups == {
        "老年人": ("3次", "54人次", "为老关爱活动、老年人服务、个案服务"),
        "老年人和儿童": ("1次", "8人次", "小组服务"),
        "救助对象和困难群众": ("1次", "3人次", "照料护理"),
        "社区居民": ("1次", "20户次", "居民需求排查"),
    }


def test_activities_stand_by_clause_in_date_order(said: Said, log: Run) -> None:
    log("7.3.1", "9人次", "-d", "4-2", "-t", "后一场", "--effect", "学会了\n申请")
    log("7.3", "8人次", "-d", "3-2", "-t", "前一场")
    log("5.1", "3人次", "-d", "5-2")
    clauses = {one.code: one for one in said().activities}
    assert list(clauses) == ["5.1", "7.3"]
    assert clauses["7.3"].count == "2次"
    assert [row.title for row in clauses["7.3"].rows] == ["前一场", "后一场"]
    assert [row.effect for row in clauses["7.3"].rows] == ["", "学会了 申请"]
    assert clauses["5.1"].rows[0].evidence == "缺服务记录"


def test_quarters_tell_activities_people_and_what_was_completed(said: Said, log: Run) -> None:
    log("5.6", "2人次", "-d", "2-2")  # completes 5.6
    log("3.1", "20户次", "-d", "4-2")
    log("5.1", "3人次", "-d", "6-2")
    first, second = said().quarters
    assert (first.name, first.days, first.completed) == ("一季度", "1月1日至3月31日", "1项")
    assert (first.activities, first.visits, first.households) == ("1次", "2人次", "0户次")
    assert (second.activities, second.visits, second.households) == ("2次", "3人次", "20户次")
    assert second.completed == "0项"
    assert float(second.percent[:-1]) > float(first.percent[:-1])
    assert second.percent == said().percent


def test_what_comes_after_its_day_is_not_in_it(said: Said, log: Run) -> None:
    log("5.1", "5人次", "-d", "3-5", "-t", "三月")
    log("5.1", "5人次", "-d", "6-5", "-t", "六月")
    context = said(date(2026, 3, 31))
    assert row(context, "5.1").total == "5人次"
    assert [done.title for done in context.highlights] == ["三月"]


def test_months_stand_side_by_side_and_say_whether_they_were_handed_in(
    said: Said, log: Run, run: Run
) -> None:
    log("5.1", "5人次", "-d", "1-5")
    assert run("brief", "--month", "1", "--issue", "--yes", *HERE).code == 0
    log("5.1", "4人次", "-d", "2-5")
    log("5.1", "2人次", "-d", "1-6", "-t", "补记的")
    (table,) = said().months
    assert table.labels[:3] == ("1月", "2月*", "3月*")
    (found,) = [one for one in table.rows if one.code == "5.1"]
    assert found.gains[:3] == ("5", "6", "0")
    assert found.total == "11人次"
    (brief,) = said().briefs
    assert (brief.number, brief.month, brief.late) == ("第1期", "2026-01", "迟156天")


def test_groups_and_cases_say_whether_they_count(said: Said, log: Run) -> None:
    log("6.8.1", "-t", "个案甲", "-d", "2-2")
    log("6.8.1", "-t", "个案甲", "-d", "3-2", "--close")
    log("6.8.2", "-t", "彩虹小组", "-d", "4-2")
    series = {one.title: (one.sessions, one.days, one.state) for one in said().series}
    assert series["个案甲"] == ("2次", "02-02至03-02", "已结束")
    assert series["彩虹小组"][:2] == ("1次", "04-02至04-02")
    assert series["彩虹小组"][2].startswith("进行中")


def test_people_are_numbered_unless_names_are_wanted(said: Said, log: Run, run: Run) -> None:
    assert run("people", "add", "工甲", "工乙", *HERE).code == 0
    log("9.1.2", "20学时", "--who", "工甲", "-d", "3-1", "-t", "社工实务")
    hidden = said()
    assert [(one.name, one.actual) for one in hidden.people] == [
        ("第1人", "20学时"),
        ("第2人", "0学时"),
    ]
    assert not hidden.with_names
    assert "工甲" not in str(hidden)
    assert [one.name for one in said(with_names=True).people] == ["工甲", "工乙"]
    (line,) = [words for words in hidden.training if words.startswith("社区工作者")]
    assert line.endswith("名册2人，每人每年20学时，达标1人，最低0学时。")


def test_media_reports_and_the_register_of_evidence(said: Said, log: Run, tmp_path: Path) -> None:
    log("10.1", "1次", "-d", "3-1", "-t", "县报", "-e", photo(tmp_path, "媒体截图.png"))
    log("6.3", "1场", "40人次", "-d", "3-2", "-t", "重阳", "-e", photo(tmp_path, "签到表.jpg"))
    context = said()
    assert [done.title for done in context.media] == ["县报"]
    assert context.evidence_summary == ("共2次活动，佐证齐全的1次；存档文件2个。",)
    register = {one.code: (one.entries, one.complete, one.files) for one in context.evidence}
    assert register["10.1"] == ("1次", "1次", "媒体截图1")
    assert register["6.3"] == ("1次", "0次", "签到表1")
    assert register["5.1"] == ("0次", "0次", "")
    assert row(context, "6.3").proven == "0%"


def test_highlights_are_those_that_reached_most_people(said: Said, log: Run) -> None:
    for amount, title in ((30, "小"), (90, "大"), (60, "中"), (99, "")):
        log("6.3", "1场", f"{amount}人次", "-d", "3-2", "-t", title)
    assert [done.title for done in said().highlights] == ["大", "中"]
