"""Supplementary agreements in a target file: the contract on a day, and refusals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sgtrack.model.contract import Kind, Period, Project
from sgtrack.progress.progress_wording import change_words, target_words
from sgtrack.targets.file_format import json_schema
from sgtrack.targets.loading import load_file
from sgtrack.workspace import Workspace

from .changing import CHANGES, CONTRACT, changing, written

START = date(2026, 1, 1)
BEFORE, AFTER, LATER = date(2026, 6, 30), date(2026, 7, 1), date(2026, 10, 1)


def targets(project: Project) -> dict[str, Decimal | None]:
    return {item: i.target for item, i in ((i.item, i) for *_, i in project.indicators())}


def test_the_contract_in_force_is_that_of_the_day(tmp_path: Path) -> None:
    project = changing(tmp_path)
    old = project.at(BEFORE)
    assert old == changing(tmp_path / "without", CONTRACT)
    assert targets(old) == {"1.1": 50, "1.2": 1, "1.3": 20, "1.4": 20, "1.5": None}
    now = project.at(AFTER)
    assert targets(now) == {
        **{"1.1": 60, "1.2": 2, "1.2.2": 1, "1.3": 20, "1.4": 24, "1.5": None, "1.6": 4}
    }
    assert now.period == Period(START, date(2026, 12, 31))
    assert now.items["1.3"].ended is not None
    assert old.items["1.3"].ended is None
    assert project.at(LATER) == project
    assert (project.period.end, project.items["1.1"].indicators[0].target) == (
        date(2027, 3, 31),
        90,
    )


def test_a_contract_without_changes_is_itself_on_every_day(project: Project) -> None:
    assert project.at(BEFORE) is project


def test_both_values_and_the_document_are_shown(tmp_path: Path) -> None:
    project = changing(tmp_path)

    def words(item: str, day: date) -> str:
        return target_words(project.at(day).items[item].indicators[0])

    assert words("1.1", BEFORE) == "50人次"
    assert words("1.1", AFTER) == "由50人次调整为60人次（补充协议，自2026年7月1日起）"
    assert (
        words("1.1", LATER) == "由50人次先后调整为60人次、90人次（补充协议二，自2026年10月1日起）"
    )
    assert words("1.2", AFTER) == "每月由1次调整为2次（补充协议，自2026年7月1日起）"
    assert words("1.4", AFTER) == "每人每年由20学时调整为24学时（补充协议，自2026年7月1日起）"
    assert words("1.6", AFTER) == "4场（补充协议，自2026年7月1日起新增）"
    assert words("1.3", AFTER) == "20人次（补充协议，自2026年7月1日起终止）"
    assert change_words(project) == (
        "自2026年7月1日起，依据补充协议：1.1 入户访视由50人次调整为60人次；"
        "1.2 报道每月由1次调整为2次；新增1.2.2 网络报道，每月1篇；"
        "1.4 培训每人每年由20学时调整为24学时；新增1.6 防诈宣传，4场；"
        "终止1.3 康复训练（街道要求）",
        "自2026年10月1日起，依据补充协议二：1.1 入户访视由60人次调整为90人次；"
        "项目结束日期由2026年12月31日调整为2027年3月31日",
    )


def test_the_schema_knows_changes() -> None:
    schema = json_schema()
    assert schema["properties"]["changes"]["type"] == "array"
    assert set(schema["$defs"]["ChangeFile"]["required"]) == {"from", "document"}


FIRST = CONTRACT.count("\n")
"""The line before ``changes:``."""
BROKEN: dict[str, tuple[str, str, int, str]] = {
    # name: (what is replaced, by what, on which line below, what is said)
    "before the project": ("2026-07-01", "2025-12-01", 2, "变更从 2025-12-01 起，不晚于项目开始"),
    "on its first day": ("2026-07-01", "2026-01-01", 2, "变更从 2026-01-01 起，不晚于项目开始"),
    "after its end": ("2026-10-01", "2027-02-01", 18, "项目在 2026-12-31 已经结束"),
    "without a document": ("    document: 补充协议\n", "", 2, "缺少“document”（依据的文件"),
    "an empty document": ("document: 补充协议二", "document:", 19, "“document”应当是一段文字"),
    "unknown key": ("period_end", "ends", 22, "不认识的键“ends”"),
    "unknown key of a target": ("{total: {人次: 60}}", "{totl: {人次: 60}}", 6, "“totl”"),
    "unknown item": ("      1.1: {total: {人次: 60}}", "      1.9: {total: {人次: 60}}", 6, "1.9"),
    "a unit it does not have": ("{人次: 60}", "{场: 60}", 6, "1.1 没有 total 的“场”"),
    "a rhythm it does not have": (
        "{monthly: {次: 2}}",
        "{yearly: {次: 2}}",
        7,
        "1.2 没有 yearly 的“次”  改法：原有的是 monthly: {次: 1}",
    ),
    "the same target": ("{人次: 60}", "{人次: 50}", 6, "1.1 的“人次”本来就是 50"),
    "half a visit": ("{人次: 60}", "{人次: 60.5}", 6, "60.5人次不是整数"),
    "nothing to reach": ("{人次: 60}", "{人次: 0}", 6, "“人次”是 0，要大于 0"),
    "two on one day": ("2026-10-01", "2026-07-01", 21, "1.1 的“人次”在 2026-07-01 改了两次"),
    "ended and revised": (
        "      1.1: {total: {人次: 90}}",
        "      1.3: {total: {人次: 90}}",
        21,
        "1.3 自 2026-07-01 起已终止",
    ),
    "ended twice": (
        "    period_end: 2027-03-31",
        "    end: [1.3]",
        22,
        "1.3 自 2026-07-01 起已终止",
    ),
    "an unknown item ended": ("end: [1.3]", "end: [1.9]", 17, "合同里没有服务项 1.9"),
    "ended before it was added": ("end: [1.3]", "end: [1.6]", 17, "1.6 在 2026-07-01 还没有加入"),
    "revised before it was added": (
        "      1.1: {total: {人次: 60}}",
        "      1.6: {total: {场: 9}}",
        6,
        "1.6 在 2026-07-01 还没有加入合同",
    ),
    "a clause of no category": ("clause: 1.6", "clause: 3.1", 10, "条款 3.1 不在合同的服务类别"),
    "a new clause without its text": (
        "        text: 防诈宣传4场，每月1次。\n",
        "",
        10,
        "甲社区没有条款 1.6 的原文  改法：在这里加一行 text",
    ),
    "a text for a clause that has one": ("clause: 1.6", "clause: 1.5", 11, "条款 1.5 已经有原文"),
    "a code that is taken": ("code: 1.2.2", "code: 1.1", 16, "服务项编号 1.1 用了两次"),
    "a name that is taken": ("name: 网络报道", "name: 报道", 16, "服务项名称“报道”和 1.2 重复"),
    "the same end": ("2027-03-31", "2026-12-31", 22, "项目本来就到 2026-12-31 结束"),
    "an end before the change": ("2027-03-31", "2026-09-01", 22, "早于变更的日期 2026-10-01"),
    "an end in another century": ("2027-03-31", "2127-03-31", 22, "超过 20 年"),
    "nothing changed": (
        "    targets:\n      1.1: {total: {人次: 90}}\n    period_end: 2027-03-31\n",
        "",
        18,
        "2026-10-01 的变更没有写改了什么",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_named_with_its_line(name: str, tmp_path: Path) -> None:
    was, becomes, line, said = BROKEN[name]
    assert CHANGES.count(was) >= 1
    project, problems = load_file(written(tmp_path, CONTRACT + CHANGES.replace(was, becomes, 1)))
    assert project is None
    shown = [str(problem).replace("\n    ", "  ") for problem in problems]
    assert any(
        one.startswith(f"targets/small.yaml:{FIRST + line}  ") and said in one for one in shown
    ), shown


def test_one_fault_is_one_problem(tmp_path: Path) -> None:
    text = CONTRACT + CHANGES.replace("document: 补充协议\n", "document: 补充协议\n    when: 7\n")
    _, problems = load_file(written(tmp_path, text))
    assert len(problems) == 1
    assert "这里可以写：from、document、note" in str(problems[0])


def test_coverage_and_milestones_can_be_added(tmp_path: Path) -> None:
    added = "{name: 防诈宣传, total: {场: 4}, types: [线上, 线下]}"
    project = changing(
        tmp_path,
        CONTRACT + CHANGES.replace("{name: 防诈宣传, total: {场: 4}}", added),
    )
    kinds = [one.kind for one in project.items["1.6"].indicators]
    assert kinds == [Kind.TOTAL, Kind.COVERAGE]
    assert all(one.added == project.changes[0] for one in project.items["1.6"].indicators)


@pytest.mark.parametrize("community", ["xianheguan", "sanli"])
def test_the_example_in_the_packaged_files_is_right(community: str, workspace: Workspace) -> None:
    path = workspace.targets / f"{community}.yaml"
    text = path.read_text(encoding="utf-8")
    begins = text.index("# changes:")
    example = "\n".join(line[2:] for line in text[begins:].splitlines())
    path.write_text(f"{text[:begins]}{example}\n", encoding="utf-8")
    project, problems = load_file(path)
    assert problems == []
    assert project is not None
    assert len(change_words(project)) == 1
