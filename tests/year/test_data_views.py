"""The queries of docs/data.md agree with ``status``, ``list`` and ``explain`` on a year."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ..support.ledgers import raw
from .conftest import COMMUNITIES, SCRIPT, Year
from .recount import read

PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
Row = dict[str, Any]
KEYS = ("item", "kind", "unit", "per")


def query(year: Year, sql: str) -> list[Row]:
    with raw(year.workspace.ledger) as db:
        cursor = db.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def query_of(title: str) -> str:
    """The query of the page below a title."""
    found = re.search(rf"```sql\n-- {title}\n(.*?);\n```", PAGE, re.DOTALL)
    assert found, title
    return found[1]


def chosen(rows: list[Row], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


def status_of(year: Year, community: str = "sanli") -> Row:
    (found,) = year.json("status", "-c", community)["communities"]
    return dict(found)


@pytest.mark.parametrize("community", COMMUNITIES)
def test_progress_is_that_of_status(year: Year, community: str) -> None:
    status = status_of(year, community)
    rows = query(year, f"SELECT * FROM progress WHERE community = '{community}' ORDER BY place")
    for name, key in (("item_name", "name"), *((key, key) for key in (*KEYS, "target"))):
        assert chosen(rows, name) == chosen(status["indicators"], key), name
    assert chosen(rows, "actual", "percent") == chosen(status["indicators"], "actual", "percent")
    targets = {
        row["clause"]: row["text"]
        for row in year.json("targets", "-c", community)
        if row["community"] == community
    }
    assert {row["clause"]: row["clause_text"] for row in rows} == targets
    periods = query(
        year,
        "SELECT item, kind, unit, per, period, target, actual, met FROM periods "
        f"WHERE community = '{community}'",
    )
    assert sorted(map(str, (tuple(row.values()) for row in periods))) == sorted(
        str(
            (
                *(one[key] for key in KEYS),
                p["period"],
                float(p["target"]),
                float(p["actual"]),
                int(p["met"]),
            )
        )
        for one in status["indicators"]
        for p in one["periods"]
    )
    (whole,) = query(year, f"SELECT * FROM communities WHERE community = '{community}'")
    assert (whole["percent"], whole["community_name"]) == (status["percent"], status["name"])
    assert whole["as_of"] == year.json("status")["as_of"]


def test_completion_per_clause(year: Year) -> None:
    texts = {row["item"]: row["clause"] for row in year.json("targets", "-c", "sanli")}
    percents: dict[str, list[int]] = {}
    for one in status_of(year)["indicators"]:
        percents.setdefault(texts[one["item"]], []).append(round(10 * one["percent"]))
    rows = query(year, query_of("completion per clause"))
    assert {row["clause"]: row["percent"] for row in rows} == {
        clause: sum(tenths) // len(tenths) / 10 for clause, tenths in percents.items()
    }
    assert [row["clause"] for row in rows] == list(percents)


def test_the_months_add_up_to_the_actual_amounts(year: Year) -> None:
    sums: dict[tuple[Any, ...], float] = {}
    for row in query(year, query_of("month by month")):
        key = tuple(row[name] for name in KEYS)
        sums[key] = sums.get(key, 0) + row["actual"]
    assert sums == {
        tuple(one[name] for name in KEYS): one["actual"]
        for one in status_of(year)["indicators"]
        if one["kind"] != "per_person"
    }
    submitted = query(
        year,
        "SELECT month, actual FROM months WHERE community = 'sanli' AND item = '10.3.1' "
        "AND kind = 'periodic' ORDER BY month",
    )
    assert chosen(submitted, "month", "actual") == [(f"2026-{n:02}", 1) for n in range(1, 13)]


def test_people_per_item(year: Year) -> None:
    rows = {row["item"]: row for row in query(year, query_of("people per item"))}
    entries = year.json("list", "--with-names", "-c", "sanli")
    attended: dict[str, int] = {}
    for entry in entries:
        if entry["participants"]:
            attended[entry["item"]] = attended.get(entry["item"], 0) + entry["participants"]
    assert {item: row["attendances"] for item, row in rows.items()} == attended
    for item in ("7.1", "9.1.2"):
        typed = [line.words for line in read(SCRIPT) if line.words[:2] == ["log", item]]
        named = {name for words in typed for name in words[words.index("--who") + 1].split("、")}
        assert rows[item]["people"] == len(named) > 1, item


def test_entries_behind_a_figure(year: Year) -> None:
    rows = query(year, query_of("the entries behind a figure"))
    (explained,) = year.json("explain", "7.3", "-c", "sanli")
    (wanted,) = (one for one in explained["indicators"] if one["unit"] == "人次")
    assert chosen(rows, "date", "activity_id", "amount") == chosen(
        wanted["entries"], "date", "id", "counted"
    )


def test_what_is_missing(year: Year) -> None:
    rows = query(year, query_of("what is missing"))
    assert {(row["item"], row["unit"]): row["missing"] for row in rows} == {
        (one["item"], one["unit"]): one["target"] - one["actual"]
        for one in status_of(year)["indicators"]
        if one["kind"] == "total" and one["actual"] < one["target"]
    }


@pytest.mark.parametrize("community", COMMUNITIES)
def test_activities_and_amounts_are_those_of_list(year: Year, community: str) -> None:
    entries = {entry["id"]: entry for entry in year.json("list", "-c", community)}
    rows = query(year, f"SELECT * FROM activities WHERE community = '{community}'")
    assert {row["activity_id"] for row in rows} == set(entries)
    for row in rows:
        entry = entries[row["activity_id"]]
        for name in ("date", "item", "place", "type", "session", "attendance", "participants"):
            assert row[name] == entry[name], (name, entry)
        assert (row["series"] is None) == (entry["series"] is None)
        assert row["also"].split() == sorted(entry["also"])
        assert row["evidence"].split() == sorted({one["kind"] for one in entry["evidence"]})
    amounts: dict[str, dict[str, float]] = {}
    for row in query(year, f"SELECT * FROM amounts WHERE community = '{community}'"):
        amounts.setdefault(row["activity_id"], {})[row["unit"]] = row["amount"]
    assert amounts == {key: one["amounts"] for key, one in entries.items() if one["amounts"]}


def test_visits_by_month_and_category(year: Year) -> None:
    visits = query(year, query_of("visits by month and category"))
    entries = year.json("list", "-c", "sanli")
    logged = sum(entry["amounts"].get("人次", 0) for entry in entries)
    assert sum(row["visits"] for row in visits) == logged


def test_activities_that_lack_evidence(year: Year) -> None:
    rows = query(year, query_of("activities that lack evidence"))
    lacking = {
        entry
        for finding in year.json("check", "-c", "sanli")
        if finding["topic"] == "evidence_missing"
        for entry in finding["entries"]
    }
    assert len(rows) == len(lacking)


def test_names_are_only_in_the_views_that_say_so(year: Year) -> None:
    people = {row["name"] for row in query(year, "SELECT name FROM named_participants")}
    assert {"工甲", "舞蹈队"} <= people
    reached = query(
        year, "SELECT name, year, target, actual FROM named_progress WHERE community = 'sanli'"
    )
    listed = year.json("people", "list", "--with-names", "-c", "sanli")
    assert sorted(chosen(reached, "name", "target", "actual")) == sorted(
        (one["name"], one["target"], one["actual"]) for one in listed if one["item"]
    )
    for view in sorted(set(documented()) - {"named_participants", "named_progress", "activities"}):
        assert not people & {
            str(v) for row in query(year, f"SELECT * FROM {view}") for v in row.values()
        }


def documented() -> dict[str, set[str]]:
    """The columns of each view that the page lists."""
    columns: dict[str, set[str]] = {}
    for heading, section in re.findall(r"### (`.*?)\n(.*?)(?=\n##)", PAGE, re.DOTALL):
        first_cells = re.findall(r"^\| (`[^|]+?) \| (.*) \|$", section, re.MULTILINE)
        for view in re.findall(r"`(\w+)`", heading):
            for names, meaning in first_cells:
                only = re.match(r"(?:only )?`(\w+)`:", meaning)
                if only is None or only[1] == view:
                    columns.setdefault(view, set()).update(re.findall(r"`(\w+)`", names))
    return columns


def test_every_column_is_documented(year: Year) -> None:
    listed = set(re.findall(r"^\| `(\w+)` \| [^|]+ \|$", PAGE.split("### ")[0], re.MULTILINE))
    columns = documented()
    assert set(columns) == listed
    assert len(listed) == 12
    with raw(year.workspace.ledger) as db:
        for view, names in columns.items():
            found = db.execute(f"SELECT * FROM {view} LIMIT 0").description
            assert {column[0] for column in found} == names, view


def test_the_other_queries_of_the_page_run(year: Year) -> None:
    queries = re.findall(r'"(SELECT [^"]*)"(?:\n +"([^"]*)")?', PAGE)
    assert len(queries) == 3
    for parts in queries:
        assert query(year, "".join(parts)), parts
