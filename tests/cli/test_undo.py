"""``undo`` takes back the last command of the user, whatever it wrote, and then the one before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..support.command_line import Run, list_entries

HERE = ("-c", "xianheguan")


def amounts(run: Run) -> list[dict[str, float]]:
    return [entry["amounts"] for entry in list_entries(run, *HERE)]


def newest(run: Run) -> str:
    return str(max(entry["id"] for entry in list_entries(run, *HERE)))


def undo(run: Run) -> str:
    ran = run("undo", "--yes")
    assert ran.code == 0, ran.err
    return ran.out


def test_a_logged_entry_is_shown_and_voided(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-d", "3-12", "-t", "入户走访")
    entry = newest(run)
    said = " ".join(undo(run).split())
    for words in ("log -c xianheguan 5.1 3人次", entry[-6:], "入户走访", "3人次", "3 → 0"):
        assert words in said
    (voided,) = list_entries(run, "--all")
    assert (voided["id"], voided["voided"]) == (entry, True)
    assert "撤销" in run("show", entry).out
    assert run("verify").code == 0


def test_without_a_terminal_nothing_is_undone_unless_confirmed(log: Run, run: Run) -> None:
    log("5.1", "3人次")
    ran = run("undo")
    assert ran.code == 1
    assert "--yes" in ran.err
    assert "5.1" in ran.out
    assert amounts(run) == [{"人次": 3}]


@pytest.mark.parametrize(
    "chain",
    [
        (("amend", "90人次"), ("amend", "80人次"), ("amend", "85人次")),
        (("void",),),
        (("amend", "90人次"), ("void",)),
        (("amend", "-t", "改过的标题"), ("amend", "-d", "3-13"), ("void",)),
    ],
    ids=["there and back again", "void", "amended and voided", "moved and voided"],
)
def test_one_command_after_the_other_is_taken_back(
    log: Run, run: Run, chain: tuple[tuple[str, ...], ...]
) -> None:
    log("7.3.1", "80人次", "100份", "-d", "3-12", "-t", "进小区", "-e", _file("签到表.jpg"))
    states = [_state(run)]
    for command, *words in chain:
        assert run(command, newest(run), *words, "-r", "核对").code == 0
        states.append(_state(run))
    for expected in reversed(states[:-1]):
        undo(run)
        assert _state(run) == expected
        assert run("verify").code == 0
    undo(run)
    assert _state(run) == []
    assert "没有可以撤销的命令" in run("undo", "--yes").err


def _state(run: Run) -> list[Any]:
    keys = ("item", "date", "title", "amounts", "also", "place")
    return [
        [*(entry[key] for key in keys), [file["name"] for file in entry["evidence"]]]
        for entry in list_entries(run, *HERE)
    ]


def _file(name: str) -> str:
    Path(name).write_bytes(name.encode())
    return name


def test_new_entries_after_an_undo_are_taken_back_first(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-d", "3-1")
    log("5.1", "4人次", "-d", "3-2")
    undo(run)
    log("5.1", "5人次", "-d", "3-3")
    undo(run)
    assert amounts(run) == [{"人次": 3}]
    undo(run)
    assert amounts(run) == []


def test_the_same_words_typed_twice_are_two_commands(log: Run, run: Run) -> None:
    for _ in range(3):
        log("5.1", "3人次", "-d", "3-1", "--again")
    undo(run)
    assert len(amounts(run)) == 2


def test_an_import_is_taken_back_as_a_whole(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-d", "3-1")
    lines = [f"3-{day},5.1,{day},走访{day}" for day in range(2, 26)]
    Path("表.csv").write_text("日期,服务项,人次,标题\n" + "\n".join(lines), encoding="utf-8")
    assert run("import", "表.csv", *HERE).code == 0
    assert len(amounts(run)) == 25
    assert "一共 24 处" in undo(run)
    assert amounts(run) == [{"人次": 3}]
    assert run("verify").code == 0


def test_of_an_import_what_was_voided_since_stays_so(run: Run) -> None:
    Path("表.csv").write_text("日期,服务项,人次\n3-1,5.1,3\n3-2,5.1,4\n", encoding="utf-8")
    run("import", "表.csv", *HERE)
    run("void", newest(run), "-r", "重复")
    undo(run)
    assert len(amounts(run)) == 2
    undo(run)
    assert amounts(run) == []


def test_people_come_and_go(run: Run) -> None:
    def people() -> list[str]:
        listed = json.loads(run("people", "list", "--json", "--with-names", *HERE).out)
        return sorted(person["name"] for person in listed)

    run("people", "add", "工甲", "工乙", *HERE)
    run("people", "add", "工丙", "--role", "志愿者", *HERE)
    run("people", "void", "工甲", "-r", "名字写错", *HERE)
    assert "放回名册 1 人" in undo(run)
    assert people() == ["工丙", "工乙", "工甲"]
    undo(run)
    assert people() == ["工乙", "工甲"]
    said = undo(run)
    assert people() == []
    assert "工甲" not in said


def test_evidence_comes_and_goes(log: Run, run: Run) -> None:
    def files() -> list[str]:
        (entry,) = list_entries(run, *HERE)
        return sorted(file["name"] for file in entry["evidence"])

    log("5.1", "3人次", "-e", _file("签到表.jpg"))
    run("evidence", "add", newest(run), _file("现场.jpg"), _file("横幅.jpg"))
    (entry,) = list_entries(run, *HERE)
    run("evidence", "void", entry["evidence"][0]["id"], "-r", "模糊")
    assert len(files()) == 2
    assert "放回佐证材料" in undo(run)
    assert files() == sorted(["现场.jpg", "横幅.jpg", "签到表.jpg"])
    undo(run)
    assert files() == ["签到表.jpg"]
    assert run("verify").code == 0


def test_an_issued_brief_and_its_submission_stay(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-d", "1-10")
    assert run("brief", "--month", "1", "--issue", "--yes", *HERE).code == 0
    before = len(amounts(run))
    ran = run("undo", "--yes")
    assert ran.code == 1
    assert "已发出的简报不能撤销" in ran.err
    assert len(amounts(run)) == before
    log("5.1", "4人次", "-d", "3-10")
    undo(run)
    assert "不能撤销" in run("undo", "--yes").err


def test_the_next_brief_reports_what_was_undone(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-d", "1-10")
    log("5.1", "4人次", "-d", "3-10")
    run("brief", "--month", "1", "--issue", "--yes", *HERE)
    entry = min(entry["id"] for entry in list_entries(run, *HERE))
    run("amend", entry, "2人次", "-r", "核对")
    undo(run)
    assert {"人次": 3} in amounts(run)
    assert run("brief", "--month", "2", "--issue", "--yes", *HERE).code == 0
    assert run("verify").code == 0


def test_another_user_keeps_her_commands(
    log: Run, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    log("5.1", "3人次", "-d", "3-1")
    entry = newest(run)
    with monkeypatch.context() as colleague:
        colleague.setattr("getpass.getuser", lambda: "同事")
        log("5.1", "4人次", "-d", "3-2")
        run("amend", entry, "9人次", "-r", "核对")
    ran = run("undo", "--yes")
    assert ran.code == 1
    assert "后来又由 同事 更正过" in ran.err
    with monkeypatch.context() as colleague:
        colleague.setattr("getpass.getuser", lambda: "同事")
        undo(run)
    undo(run)
    assert amounts(run) == [{"人次": 4}]


def test_the_json_has_the_entry_as_it_is_now(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-t", "走访")
    entry = newest(run)
    ran = run("undo", "--yes", "--json")
    told = json.loads(ran.out)
    assert (told["id"], told["voided"]) == (entry, True)
    assert [e["id"] for e in told["entries"]] == [entry]
    assert told["undone"]["command"].startswith("sgtrack")
    log("5.1", "3人次", "-t", "走访")
    run("amend", newest(run), "5人次", "-r", "核对")
    told = json.loads(run("undo", "--yes", "--json").out)
    assert told["amounts"] == {"人次": 3}


def test_names_are_hidden_in_what_is_shown(log: Run, run: Run) -> None:
    log("7.2.2", "--who", "欧阳甲", "-t", "欧阳甲的注册")
    assert "欧阳甲" not in run("undo").out
    assert "欧阳甲" not in undo(run)


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        (("amend", "5人次", "-r", "核对"), True),
        (("amend", "--effect", "好"), True),
        (("amend", "-d", "3-13", "-c", "sanli", "-r", "记错"), True),
        (("void", "-r", "重复"), True),
        (("evidence", "add", "签到表.jpg"), True),
        (("log", "5.2", "2人次", "-d", "3-14", *HERE), False),
    ],
    ids=["amend", "effect", "move", "void", "evidence", "log"],
)
def test_the_ids_that_hold_afterwards_are_named(
    log: Run, run: Run, words: tuple[str, ...], holds: bool
) -> None:
    _file("签到表.jpg")
    log("5.1", "3人次", "-d", "3-12", "-t", "走访")
    command = 2 if words[0] == "evidence" else 1
    entry = [] if words[0] == "log" else [newest(run)]
    assert run(*words[:command], *entry, *words[command:]).code == 0
    said = undo(run)
    (now,) = list_entries(run)
    assert (f"现在是  {now['id'][-6:]}  2026-03-12  仙鹤观社区" in said) is holds
    assert run("verify").code == 0
