"""Codes, amounts and days in the forms that people type, in every way of entering."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..support.command_line import Run, list_entries

HERE = ("-c", "xianheguan")


@pytest.mark.parametrize("code", ["5.1", "５．１", "5。1", "5,1", "5，1"])
@pytest.mark.parametrize("amount", ["3人次", "三人次", "３人次", "叁人次"])
def test_codes_and_amounts_are_understood_as_they_are_typed(
    run: Run, code: str, amount: str
) -> None:
    assert run("log", code, amount, "-d", "3-12", *HERE, "--dry-run").err == ""
    assert "5.1 入户访视" in run("log", code, amount, "-d", "3-12", *HERE).out
    (entry,) = list_entries(run, *HERE)
    assert (entry["item"], entry["amounts"], entry["date"]) == ("5.1", {"人次": 3}, "2026-03-12")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31号", "2026-05-31"),
        ("廿五日", "2026-06-25"),
        ("3天前", "2026-06-27"),
        ("26-3-12", "2026-03-12"),
        ("二〇二六年三月十二日", "2026-03-12"),
        ("上上周三", "2026-06-17"),
    ],
)
def test_the_day_that_was_understood_is_shown(run: Run, typed: str, day: str) -> None:
    assert day in run("log", "5.1", "3人次", "-d", typed, *HERE).out
    assert [entry["date"] for entry in list_entries(run, *HERE)] == [day]


@pytest.mark.parametrize("typed", ["2月30日", "正月十五", "清明节", "农历三月十二", "31号前"])
def test_a_day_that_cannot_be_read_is_refused(run: Run, typed: str) -> None:
    ran = run("log", "5.1", "3人次", "-d", typed, *HERE)
    assert (ran.code, list_entries(run, *HERE)) == (1, [])
    assert f"{typed}" in ran.err


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("2月30日入户访视低保户3人次", "2月30日"),
        ("正月十五入户访视低保户3人次", "正月十五"),
        ("清明节入户访视低保户3人次", "清明节"),
        ("农历三月十二入户访视低保户3人次", "农历三月十二"),
        ("3月12日入户访视低保户40×2人次", "40×2人次"),
        ("3月12日入户访视低保户100+人次", "100+人次"),
    ],
)
def test_what_cannot_be_read_in_a_sentence_is_asked(run: Run, sentence: str, told: str) -> None:
    ran = run("log", sentence, *HERE, "--yes")
    assert (ran.code, list_entries(run, *HERE)) == (1, [])
    assert told in ran.err


@pytest.mark.parametrize(
    ("sentence", "amounts"),
    [
        (
            "3月12日惠民殡葬政策宣讲1场，发放资料1 200份，服务30人次",
            {"场": 1, "份": 1200, "人次": 30},
        ),
        (
            "3月12日惠民殡葬政策宣讲1场，发放资料1千2百份，服务廿人次",
            {"场": 1, "份": 1200, "人次": 20},
        ),
        (
            "3月12日惠民殡葬政策宣讲1场，发放资料伍拾份，摆展板0块，服务拾伍人次",
            {"场": 1, "份": 50, "人次": 15},
        ),
        ("3月12日惠民殡葬政策宣讲一场，发放资料0份，服务一百二十人次", {"场": 1, "人次": 120}),
    ],
)
def test_whole_numbers_of_a_sentence_are_recorded(
    run: Run, sentence: str, amounts: dict[str, int]
) -> None:
    run("log", sentence, *HERE, "--yes")
    (entry,) = list_entries(run, *HERE)
    assert (entry["date"], entry["amounts"]) == ("2026-03-12", amounts)


def test_cells_of_a_sheet_are_read_in_the_same_way(run: Run, tmp_path: Path) -> None:
    rows = [
        "日期,服务项,人次",
        "廿五日,5。1,三",
        "二〇二六年三月十二日,５．１,1百20",
        "26-3-13,5.1,十五",
    ]
    sheet = tmp_path / "a.csv"
    sheet.write_text("\n".join(rows), encoding="utf-8")
    assert run("import", str(sheet), *HERE).err == ""
    entries = {entry["date"]: entry["amounts"]["人次"] for entry in list_entries(run, *HERE)}
    assert entries == {"2026-06-25": 3, "2026-03-12": 120, "2026-03-13": 15}


def test_a_cell_that_is_not_exact_is_named(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_text("日期,服务项,人次\n3-12,5.1,100+\n2月30日,5.1,3\n", encoding="utf-8")
    ran = run("import", str(sheet), *HERE)
    assert (ran.code, list_entries(run, *HERE)) == (1, [])
    assert "a.csv!C2" in ran.err
    assert "a.csv!A3" in ran.err
