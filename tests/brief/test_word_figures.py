"""Every number of the generated text of a Word brief is found in the figures of the ledger.

The figures come from ``status --json``, ``list --json`` and ``plan --json``, never from the code
that writes the brief.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run

COMMUNITY = ("-c", "xianheguan")
BEFORE, TODAY, TOMORROW, NEXT = "2026-02-25", "2026-03-25", "2026-03-26", "2026-04-25"
UNITS = "场次|人次|户次|小时|学时|人参加|场|次|节|份|个|人|支|类|例|篇|期"
Amounts = set[tuple[float, str]]


def amounts_in(text: str) -> Amounts:
    found = re.findall(rf"(\d+(?:\.\d+)?)({UNITS})", text)
    return {(float(amount), unit) for amount, unit in found}


@dataclass
class Brief:
    """The parts of the Word document, and what the ledger says."""

    paragraphs: dict[str, list[str]]
    rows: list[list[str]]
    before: list[dict[str, Any]]
    now: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    plan: dict[str, Any]

    @property
    def names(self) -> dict[str, str]:
        return {row["item"]: row["name"] for row in self.now}

    def gains(self) -> dict[str, Amounts]:
        """What the month added to each item, by the difference of two days."""
        gains: dict[str, Amounts] = {}
        for old, new in zip(self.before, self.now, strict=True):
            difference = new["actual"] - old["actual"]
            if difference and new["unit"]:
                gains.setdefault(new["item"], set()).add((difference, new["unit"]))
        return gains


@pytest.fixture
def brief(run: Run, log: Run, workspace: Workspace) -> Brief:
    log("5.1", "11人次", "-d", "2-3")
    log("7.1", "1支", "--who", "舞蹈队", "--type", "文体活动类", "-d", "2-5")
    log("6.8.2", "-d", "2-8", "-t", "手工小组")
    log("9.1.2", "4学时", "--who", "甲、乙", "-d", "2-9")
    log("5.1", "6人次", "-d", "3-3")
    log("5.1", "3人次", "-d", "3-13", "--effect", "两户都领到了补助")
    log("6.3", "1场", "42人次", "-d", "3-4")
    log("7.1", "1支", "--who", "爱心社", "--type", "公益慈善类", "-d", "3-5")
    log("7.3", "1场", "31人次", "-d", "3-5")
    log("7.3.1", "2场", "90人次", "170份", "-d", "3-6")
    log("7.3.3", "1场", "37人次", "-d", "2-6")
    log("7.2.4", "7.5小时", "-d", "3-7")
    log("6.8.2", "9人次", "-d", "3-8", "-t", "手工小组")
    log("6.8.2", "8人次", "-d", "3-15", "-t", "手工小组")
    log("6.8.1", "-d", "3-9", "-t", "个案甲")
    log("9.1.2", "2学时", "--who", "甲、乙", "-d", "3-9")
    log("2.1", "-d", "3-10", "-t", "党建培训")
    log("10.1", "-d", "3-11", "-t", "报道")
    drafted = run("brief", "--month", "3", "--format", "docx", *COMMUNITY)
    assert drafted.code == 0, drafted.err
    document = docx.Document(str(workspace.briefs / "xianheguan-2026-03.docx"))
    paragraphs: dict[str, list[str]] = {}
    heading = ""
    for paragraph in document.paragraphs:
        if found := re.fullmatch(r"[一二三四五六]、(.+)", paragraph.text):
            heading = found[1]
        paragraphs.setdefault(heading, []).append(paragraph.text)
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "编号")
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    status = [
        json.loads(run("status", "--json", "--as-of", day, *COMMUNITY).out)
        for day in (BEFORE, TODAY)
    ]
    before, now = (answer["communities"][0]["indicators"] for answer in status)
    entries = [
        entry
        for entry in json.loads(run("list", "--json", *COMMUNITY).out)
        if BEFORE < entry["date"] <= TODAY
    ]
    plan = json.loads(run("plan", "--json", "--from", TOMORROW, *COMMUNITY).out)["communities"][0]
    return Brief(paragraphs, rows, before, now, entries, plan)


def test_the_table_has_each_figure_of_each_item_that_moved(brief: Brief) -> None:
    moved: dict[str, Amounts] = {}
    for code, name, target, month, total, percent, _ in brief.rows:
        shown = [
            row
            for row in brief.now
            if row["item"] == code and (month == "—" or (row["unit"] or "") in month)
        ]
        assert name == brief.names[code]
        assert {(row["target"], row["unit"]) for row in shown} >= amounts_in(target), code
        if month != "—":
            moved[code] = amounts_in(month)
        for row in shown:
            assert (row["actual"], row["unit"]) in amounts_in(total) or row["kind"] == "per_person"
        percents = [float(number) for number in re.findall(r"([\d.]+)%", percent)]
        assert percents == sorted({min(p := [r["percent"] for r in shown]), max(p)}), code
    assert moved == brief.gains()


def spoken(brief: Brief) -> Iterator[tuple[str, Amounts]]:
    """The items and amounts in the text on the work, clause by clause."""
    by_length = sorted(brief.names.items(), key=lambda pair: -len(pair[1]))
    for text in brief.paragraphs["重点工作"]:
        generated = re.sub(r"（[一二三四五六]）\w+。|\d+月\d+日.*", "", text)
        code = ""
        for clause in re.split("[；，。（）]|其中", generated):
            code = next((c for c, name in by_length if clause.startswith(name)), code)
            if amounts_in(clause):
                yield code, amounts_in(clause)


def test_the_work_tells_each_gain_and_nothing_else(brief: Brief) -> None:
    told: dict[str, Amounts] = {}
    for code, amounts in spoken(brief):
        told.setdefault(code, set()).update(amounts)
    groups = {"6.8.1", "6.8.2"}
    expected = {code: set(amounts) for code, amounts in brief.gains().items() if code not in groups}
    expected["7.1"] = {(1, "支")}
    expected["9.1.2"] = {(1, "次"), (2, "人参加"), (2, "学时")}
    assert told.pop("6.8.2") == {(1, "个"), (2, "节"), (17, "人次")}
    assert told.pop("6.8.1") == {(1, "个"), (1, "次")}
    assert told == expected
    assert "共2节（手工小组）" in "".join(brief.paragraphs["重点工作"])


def test_the_overview_sums_the_services(brief: Brief) -> None:
    services = [entry for entry in brief.entries if entry["item"] != "10.1"]
    people = sum(entry["amounts"].get("人次", 0) for entry in services)
    states = [row["state"] for row in brief.now]
    (text,) = brief.paragraphs["工作概况"][1:]
    assert f"开展服务活动{len(services)}次，服务居民{people}人次，发放资料170份" in text
    assert f"合同{len(states)}项指标" in text
    assert f"正常{states.count('on_track')}项、滞后{states.count('behind')}项" in text


def test_problems_have_the_figures_of_status(brief: Brief) -> None:
    text = "".join(brief.paragraphs["存在的问题及原因"])
    amount = rf"(\d+)({UNITS})"
    found = re.findall(rf"(\w+?)完成{amount}，序时应完成{amount}", text)
    assert found
    for words, actual, unit, expected, _ in found:
        (row,) = (
            row
            for row in brief.now
            if words.endswith(row["name"]) and row["unit"] == unit and row["kind"] == "total"
        )
        assert (float(actual), float(expected)) == (row["actual"], round(row["expected"]))
    troubled = [row for row in brief.now if row["state"] in ("behind", "overdue")]
    counts = [int(n) for n in re.findall(r"(?:滞后|逾期)(\d+)项", text)]
    assert sum(counts) == len(troubled)


def test_plans_have_the_figures_of_the_plan(brief: Brief) -> None:
    planned: dict[str, list[Amounts]] = {}
    for month in brief.plan["months"]:
        for one in month["activities"] if month["until"] <= NEXT else ():
            amounts = {(amount * one["count"], unit) for unit, amount in one["brings"].items()}
            planned.setdefault(one["name"], []).append(amounts or {(one["count"], "次")})
    sums: dict[str, dict[str, set[float]]] = {}
    for name, several in planned.items():
        for amounts in several:
            for amount, unit in amounts:
                known = sums.setdefault(name, {}).setdefault(unit, set())
                known |= {amount, *(amount + other for other in known)}
    text = "，".join(brief.paragraphs["下月计划"][1:])
    checked = 0
    for clause in re.split("[，；。：]", text):
        name = next((n for n in sorted(sums, key=len, reverse=True) if n in clause), "")
        for amount, unit in (
            amounts_in(clause.partition("等")[0].partition(name)[2]) if name else ()
        ):
            assert amount in sums[name][unit], clause
            checked += 1
    assert checked > 5
