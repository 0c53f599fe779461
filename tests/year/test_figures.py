"""Status, briefs, report and a recount of the script give the same figures for a year."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest

from ..support.ledgers import raw
from .conftest import COMMUNITIES, SCRIPT, Year
from .recount import Key, read, recount

ReadYear = Callable[..., Any]


def by_key(rows: list[dict[str, Any]], value: str) -> dict[Key, Any]:
    return {(r["item"], r["unit"], r["kind"], r["per"]): r[value] for r in rows}


def status_of(read_year: ReadYear, community: str) -> list[dict[str, Any]]:
    (found,) = read_year("status", "-c", community)["communities"]
    rows: list[dict[str, Any]] = found["indicators"]
    return rows


@pytest.mark.parametrize("community", COMMUNITIES)
def test_every_indicator_is_touched(read_year: ReadYear, community: str) -> None:
    actual = by_key(status_of(read_year, community), "actual")
    assert len(actual) == 69
    assert [key for key, amount in actual.items() if not amount] == []


@pytest.mark.parametrize("community", COMMUNITIES)
def test_status_is_what_a_recount_gives(read_year: ReadYear, community: str) -> None:
    contract = [r for r in read_year("targets") if r["community"] == community]
    by_hand = recount(contract, read(SCRIPT), ["工甲", "工乙", "工丙"])
    assert by_key(status_of(read_year, community), "actual") == by_hand


@pytest.mark.parametrize("community", COMMUNITIES)
def test_the_twelve_briefs_add_up_to_status(read_year: ReadYear, community: str) -> None:
    briefs = read_year("brief", "list", "-c", community)
    assert [b["number"] for b in briefs] == list(range(1, 13))
    sums: dict[Key, float] = {}
    for brief in briefs:
        for key, gain in by_key(brief["figures"], "gain").items():
            sums[key] = sums.get(key, 0) + gain
    actual = by_key(status_of(read_year, community), "actual")
    assert sums == actual
    assert by_key(briefs[-1]["figures"], "total") == actual


@pytest.mark.parametrize("community", COMMUNITIES)
def test_the_ledger_itself_has_the_same_sums(year: Year, community: str) -> None:
    """The sums of the briefs by a plain SQL query, and the visits of an item by another."""
    with raw(year.workspace.ledger) as db:
        gains = db.execute(
            "SELECT f.item, f.unit, sum(f.gain) FROM issued_figure AS f "
            "JOIN issued_brief AS b ON b.id = f.brief_id "
            "WHERE b.community = ? AND f.kind = 'total' AND f.unit = '人次' "
            "GROUP BY f.item, f.unit",
            (community,),
        ).fetchall()
        own = dict(
            db.execute(
                "SELECT a.item, sum(m.hundredths) FROM activity AS a JOIN amount AS m "
                "ON m.activity_id = a.id WHERE a.community = ? AND m.unit = '人次' "
                "AND a.id NOT IN (SELECT replaces FROM activity WHERE replaces IS NOT NULL) "
                "AND a.id NOT IN (SELECT activity_id FROM void) GROUP BY a.item",
                (community,),
            )
        )
    assert {item: total for item, _, total in gains if item in ("5.1", "6.5", "8.2")} == {
        item: own[item] for item in ("5.1", "6.5", "8.2")
    }
    assert own["5.1"] == 2000  # in hundredths: 5 as corrected, 2, and the late 4 and 9


@pytest.mark.parametrize("community", COMMUNITIES)
def test_the_final_report_says_the_same(year: Year, read_year: ReadYear, community: str) -> None:
    assert year.run("report", "final", "-c", community).code == 0
    text = (year.workspace.reports / f"{community}-final.md").read_text(encoding="utf-8")
    third = text.split("## 三、")[1].split("## 四、")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in third.splitlines()
        if re.match(r"\| \d", line)
    ]
    status = status_of(read_year, community)
    assert len(rows) == len(status) == 69
    for cells, one in zip(rows, status, strict=True):
        assert cells[0] == one["item"]
        assert cells[4] == f"{one['percent']:.1f}%"
        if one["kind"] not in ("milestone", "per_person"):
            number = re.match(r"[\d.]+", cells[3])
            assert number is not None
            assert float(number[0]) == one["actual"], cells
    months = text.split("## 附件1")[1].split("## 附件2")[0]
    for line, one in zip(re.findall(r"^\| \d.*", months, re.MULTILINE), status, strict=True):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if one["kind"] in ("total", "periodic", "coverage"):
            assert sum(float(cell) for cell in cells[2:14]) == one["actual"], cells
    with ZipFile(year.workspace.reports / f"{community}-final.docx") as archive:
        xml = archive.read("word/document.xml").decode("utf-8")
    words = re.sub(r"<[^>]+>", "", re.sub(r"</w:tc>", "|", xml))
    for cells in rows:
        assert "|".join((*cells[:5], "")) in words, cells


def test_late_entries_and_corrections_appear_in_the_next_brief(year: Year) -> None:
    briefs = year.workspace.root / "briefs"
    for month in ("2", "5", "6", "11"):
        assert year.run("brief", "--month", month, "-c", "sanli").code == 0
    february = (briefs / "sanli-2026-02.md").read_text(encoding="utf-8")
    assert "| 1月20日 | 入户访视 | 一月漏记的入户 |  | 4人次 | 纸质记录后交 |" in february
    assert "| 1月11日 | 入户访视 | 一月入户 | 3人次 | 5人次 | 服务记录核对后更正 |" in february
    assert "| 2月10日 | 救助对象心理疏导" not in february  # voided before any brief told of it
    may = (briefs / "sanli-2026-05.md").read_text(encoding="utf-8")
    assert "| 2月6日 | 为老关爱活动 | 春节慰问 | 1场、45人次 | 作废 | 签到表不是本项目的 |" in may
    june = (briefs / "sanli-2026-06.md").read_text(encoding="utf-8")
    assert "**更正**" not in june
    november = (briefs / "sanli-2026-11.md").read_text(encoding="utf-8")
    assert "| 9月30日 | 入户访视 | 九月漏记的入户 |  | 9人次 | 交接时发现 |" in november


def test_an_issued_brief_stays_what_it_was(year: Year) -> None:
    kept = {path.name: path.read_bytes() for path in (year.workspace.root / "briefs").iterdir()}
    year.run("log", "5.1", "7人次", "-d", "3-3", "-t", "很晚才记", "-c", "sanli")
    for template in year.workspace.templates.glob("brief.*"):
        template.write_bytes(b"{{ nothing }}")
    for month in range(1, 13):
        assert year.run("brief", "--month", str(month)).code == 0
    again = {path.name: path.read_bytes() for path in (year.workspace.root / "briefs").iterdir()}
    assert again == kept


def test_submissions_count_for_their_month_on_time_or_late(read_year: ReadYear) -> None:
    briefs = read_year("brief", "list", "-c", "sanli")
    assert {b["month"]: b["days_late"] for b in briefs if b["days_late"]} == {
        "2026-08": 3,
        "2026-12": 6,
    }
    (indicator,) = [one for one in status_of(read_year, "sanli") if one["item"] == "10.3.1"]
    assert [p["actual"] for p in indicator["periods"]] == [1] * 12
    assert indicator["state"] == "done"


def test_what_is_not_yet_issued_is_the_rest(year: Year) -> None:
    """The briefs and the column for later entries add up to the whole."""
    year.run("log", "5.1", "7人次", "-d", "3-3", "-t", "很晚才记", "-c", "sanli")
    year.run("report", "final", "-c", "sanli", "--format", "md")
    text = (year.workspace.reports / "sanli-final.md").read_text(encoding="utf-8")
    months = text.split("## 附件1")[1].split("## 附件2")[0]
    lines = re.findall(r"^\| 5\.1 \|.*", months, re.MULTILINE)
    assert len(lines) == 2  # twelve months, then what came later
    later = [cell.strip() for cell in lines[1].strip("|").split("|")]
    assert later[2] == "7"
    assert json.loads(year.run("status", "5.1", "-c", "sanli", "--json").out)
