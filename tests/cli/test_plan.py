"""``plan`` on the command line, and the part of it that the brief prints."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import pytest
from rich.cells import cell_len

from sgtrack.workspace import Workspace

from ..plan.rhythms import check_rhythms, planned_lines
from ..support.command_line import Run
from ..support.golden import check_golden


def plans(run: Run, *words: str) -> dict[str, Any]:
    ran = run("plan", "--json", *words)
    assert ran.code == 0, ran.err
    return {one["community"]: one for one in json.loads(ran.out)["communities"]}


def test_half_a_year_is_planned_to_the_end(half_year: Run) -> None:
    found = plans(half_year)
    assert set(found) == {"xianheguan", "sanli"}
    for plan in found.values():
        assert plan["optimal"]
        assert plan["even"]
        check_rhythms(plan)
        # January's to March's rhythms that nobody can make up any more, and nothing else
        missed = {(one["item"], one["unit"]): one["missing"] for one in plan["short"]}
        assert missed == {("2.2", "次"): 1, ("10.1", "次"): 2}
        assert all(one["passed"] for one in plan["short"])
        loads = [month["count"] for month in plan["months"]]
        assert max(loads[1:]) - min(loads[1:]) <= 1
        assert sum(loads) == plan["activities"]


def test_half_a_year_brings_what_is_left(half_year: Run) -> None:
    """Logged and planned activities add up to every total of the contract."""
    (status,) = json.loads(half_year("status", "--json", "-c", "xianheguan").out)["communities"]
    plan = plans(half_year, "-c", "xianheguan")["xianheguan"]
    brought: Counter[tuple[str, str]] = Counter()
    for line in planned_lines(plan):
        for item in (line["item"], *line["counts_for"]):
            for unit, amount in line["brings"].items():
                brought[item, unit] += amount * line["count"]
    totals = [i for i in status["indicators"] if i["kind"] == "total"]
    assert len(totals) == 54
    for one in totals:
        assert one["actual"] + brought[one["item"], one["unit"]] >= one["target"], one["item"]


def test_the_calendar_as_a_whole(half_year: Run) -> None:
    ran = half_year("plan", "-c", "xianheguan")
    assert all(cell_len(line) <= 80 for line in ran.out.splitlines())
    check_golden("plan.txt", ran.out)
    check_golden("plan-most.txt", half_year("plan", "-c", "xianheguan", "--most", "20").out)


def test_a_finished_contract_has_no_plan(workspace: Workspace, run: Run) -> None:
    _write_small(workspace)
    assert run("log", "1.1", "1场", "-c", "small").code == 0
    assert run("plan", "-c", "small").out == "小社区\n合同指标已全部完成，无需再安排活动。\n"
    late = run("plan", "-c", "small", "--from", "2026-03-01").out
    assert "按现有记录测算，至少需要1次活动" in late  # it was held in June


def test_without_a_solver_only_the_plan_is_refused(
    half_year: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    ran = half_year("plan", "-c", "xianheguan")
    assert ran.code == 1
    assert ran.err.startswith("错误：无法计算仙鹤观社区的计划")
    brief = half_year("brief", "--month", "3", "--format", "md", "-c", "xianheguan")
    assert brief.code == 0
    text = (workspace.briefs / "xianheguan-2026-03.md").read_text(encoding="utf-8")
    assert "4月25日前报送4月简报" in text  # what falls due, as before


def test_the_brief_plans_the_next_month(half_year: Run, workspace: Workspace) -> None:
    assert half_year("brief", "--month", "6", "--format", "md", "-c", "xianheguan").code == 0
    text = (workspace.briefs / "xianheguan-2026-06.md").read_text(encoding="utf-8")
    plan = text.split("下月计划")[1]
    assert "6月30日前完成" in plan
    assert "7月25日前报送7月简报" in plan
    assert "6月简报" not in plan  # this is June's


def _write_small(workspace: Workspace) -> None:
    (workspace.targets / "small.yaml").write_text(
        "name: 小社区\nperiod:\n  start: 2026-01-01\n  end: 2026-12-31\n"
        "categories:\n  - code: 1\n    name: 类别\n    clauses:\n      - code: 1.1\n"
        "        text: 开展政策宣讲1场。\n        items:\n          - name: 政策宣讲\n"
        "            total: {场: 1}\n",
        encoding="utf-8",
    )


def test_one_month_is_shown_alone(half_year: Run) -> None:
    whole = plans(half_year, "-c", "sanli")["sanli"]
    (august,) = [month for month in whole["months"] if month["month"] == "2026-08"]
    for typed in ("8", "8月", "2026-08"):
        one = plans(half_year, "-c", "sanli", "--month", typed)["sanli"]
        assert one["months"] == [august]
        assert one["activities"] == august["count"]
    shown = half_year("plan", "-c", "sanli", "-m", "8").out
    assert f"8月（7月26日至8月25日）计划开展活动{august['count']}次" in shown
    assert len([line for line in shown.splitlines() if line[:1].isdigit()]) >= len(
        {line["item"] for line in august["activities"]}
    )
    assert "9月" not in shown
    for typed in ("3", "2027-01"):
        ran = half_year("plan", "-c", "sanli", "--month", typed)
        assert (ran.code, "写 2026-07 至 2026-12 之间的月份" in ran.err) == (1, True), ran.err


def test_the_mid_term_report_has_its_place_at_mid_term(half_year: Run) -> None:
    plan = plans(half_year, "-c", "sanli")["sanli"]
    (found,) = [line for line in planned_lines(plan) if line["item"] == "10.3.3"]
    assert (found["until"], found["deadline"]) == ("2026-07-02", True)
    (status,) = json.loads(half_year("status", "10.3", "--json", "-c", "sanli").out)["communities"]
    due = {one["item"]: one["deadline"] for one in status["indicators"]}
    assert (due["10.3.3"], due["10.3.4"]) == ("2026-07-02", "2026-12-31")
