"""Contradictions and gaps in a contract are reported; a contract that adds up has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.checks.contract_arithmetic import advice_on
from sgtrack.model.contract import Project
from sgtrack.targets.loading import load_folder

from ..support.command_line import Run
from ..support.golden import check_golden

HEAD = """\
name: 甲社区
period: {start: 2026-01-01, end: %s}
categories:
  - code: 1
    name: 服务
    clauses:
      - code: 1.1
        text: 开展政策宣讲，按合同原文。
        items:
"""


def contract(folder: Path, items: str, end: str = "2026-12-31") -> Path:
    """A workspace whose only contract has these items."""
    path = folder / "targets" / "small.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD % end + items, encoding="utf-8")
    return path


def said(folder: Path, items: str, end: str = "2026-12-31") -> list[tuple[str, str]]:
    """Message and hint of every finding for a contract with these items."""
    loaded = load_folder(contract(folder, items, end).parent)
    assert loaded.problems == ()
    return [(one.message, one.hint) for one in advice_on(loaded.projects[0])]


def parts(whole: str, *shares: str) -> str:
    lines = [f"          - {{code: 1.1, name: 宣讲, total: {whole}}}\n"]
    lines += [
        f"          - {{code: 1.1.{n}, part_of: 1.1, name: 部分{n}, total: {share}}}\n"
        for n, share in enumerate(shares, start=1)
    ]
    return "".join(lines)


def test_the_advice_on_the_packaged_contracts(run: Run) -> None:
    ran = run("targets", "check")
    assert (ran.code, ran.err) == (0, "")
    check_golden("targets-check.txt", ran.out)


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (parts("{场: 10}", "{场: 4}", "{场: 6}"), None),
        (parts("{场: 10}", "{场: 4}"), None),  # the others are free
        (parts("{场: 10}", "{场: 4}", "{人次: 60}"), None),
        (
            parts("{场: 10}", "{场: 4}", "{场: 7}"),
            "“其中”的部分14场、部分27场，合起来11场，比宣讲的10场多1场",
        ),
        (parts("{场: 10}", "{场: 12}"), "“其中”的部分112场，合起来12场，比宣讲的10场多2场"),
        (
            parts("{场: 10}", "{场: 4}", "{场: 4}"),
            "“其中”的部分14场、部分24场，合起来8场，比宣讲的10场少2场",
        ),
    ],
)
def test_parts_are_held_against_the_whole(items: str, message: str | None, tmp_path: Path) -> None:
    found = said(tmp_path, items)
    assert [one for one, _ in found] == ([message] if message else [])


def rhythm(written: str) -> str:
    return f"          - {{name: 培训, {written}}}\n"


@pytest.mark.parametrize(
    ("written", "end", "messages"),
    [
        ("total: {次: 4}, quarterly: {次: 1}", "2026-12-31", []),
        (
            "total: {次: 4}, monthly: {次: 1}",
            "2026-12-31",
            ["培训每月1次，项目期内合计12次，和一共4次对不上"],
        ),
        (
            "total: {次: 12}, quarterly: {次: 1}",
            "2026-12-31",
            ["培训每季度1次，项目期内合计4次，和一共12次对不上"],
        ),
        ("total: {人次: 4}, monthly: {次: 1}", "2026-12-31", []),
        ("quarterly: {次: 1}", "2026-02-28", ["培训每季度1次，项目期只有59天，不到一个季度"]),
        ("monthly: {次: 1}", "2026-02-28", []),
        ("monthly: {次: 1}", "2026-01-20", ["培训每月1次，项目期只有20天，不到一个月"]),
        ("yearly: {次: 2}", "2026-10-31", ["培训每年2次，项目期只有304天，不到一年"]),
        ("yearly: {次: 2}", "2027-09-30", ["培训每年2次，项目期638天，不是整年"]),
        ("yearly: {次: 2}", "2028-12-31", []),
        (
            "per_person: {学时: 20}, role: 社工",
            "2026-06-30",
            ["培训每人每年20学时，项目期只有181天，不到一年"],
        ),
    ],
)
def test_rhythms_are_held_against_totals_and_the_period(
    written: str, end: str, messages: list[str], tmp_path: Path
) -> None:
    assert [one for one, _ in said(tmp_path, rhythm(written), end)] == messages


def test_hints_say_what_follows(tmp_path: Path) -> None:
    ((_, over),) = said(tmp_path, rhythm("total: {次: 4}, monthly: {次: 1}"))
    assert over == "两个数都完成时会超过总数；请与采购人核对以哪个为准"
    ((_, under),) = said(tmp_path, rhythm("total: {次: 12}, quarterly: {次: 1}"))
    assert under == "只按周期完成，距总数差8次，需另行安排"


def test_a_clause_without_a_number_is_named_with_its_place(tmp_path: Path, run: Run) -> None:
    items = "          - {name: 制度, milestone: true, due: 2026-06-30}\n"
    ((message, hint),) = said(tmp_path, items)
    assert message == "条款 1.1 没有数量：“开展政策宣讲，按合同原文”"
    assert hint.startswith("按6月30日前完成一次算")
    ran = run("--home", str(tmp_path), "targets", "check")
    assert ran.code == 0
    assert "\ntargets/small.yaml:7  条款 1.1 没有数量" in ran.out
    both = items + "          - {code: 1.1.2, name: 宣讲, total: {场: 1}}\n"
    assert said(tmp_path, both) == []


def test_a_contradiction_that_a_change_resolves_is_not_reported(tmp_path: Path) -> None:
    changes = """\
changes:
  - from: 2026-07-01
    document: 补充协议
    targets: {1.1: {total: {场: 12}}}
    end: [1.1.2]
"""
    items = parts("{场: 10}", "{场: 4}", "{场: 7}")
    assert len(said(tmp_path, items)) == 1
    assert said(tmp_path, items + changes) == []


def test_problems_exit_with_one_and_sound_files_get_advice(tmp_path: Path, run: Run) -> None:
    sound = contract(tmp_path, parts("{场: 10}", "{场: 12}"))
    broken = sound.with_name("broken.yaml")
    broken.write_text("name: 乙\n", encoding="utf-8")
    ran = run("--home", str(tmp_path), "targets", "check")
    assert ran.code == 1
    assert "比宣讲的10场多2场" in ran.out
    assert "缺少“period”" in ran.err


@given(st.integers(1, 99), st.lists(st.integers(1, 99), min_size=1, max_size=4))
def test_parts_are_mentioned_exactly_where_they_do_not_add_up(
    whole: int, shares: list[int]
) -> None:
    project = _with_parts(whole, shares)
    found = [one.message for one in advice_on(project)]
    over, under = sum(shares) > whole, sum(shares) < whole and len(shares) > 1
    assert len(found) == (over or under)
    if found:
        assert found[0].endswith(f"{'多' if over else '少'}{abs(sum(shares) - whole)}场")


def _with_parts(whole: int, shares: list[int]) -> Project:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        items = parts(f"{{场: {whole}}}", *(f"{{场: {share}}}" for share in shares))
        return load_folder(contract(Path(folder), items).parent).projects[0]
