"""The commands as the officer types them: what they print, and the keys of their JSON."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from sgtrack.store.opening import ledger_exists
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.ledgers import environment


def entry_id(run: Run) -> str:
    return str(json.loads(run("list", "--all", "--json").out)[-1]["id"])


def test_log_says_what_it_recorded_and_what_moved(log: Run) -> None:
    said = log("殡葬", "80人次", "100份", "-d", "3-12", "-t", "惠民殡葬进小区").out
    assert "2026-03-12  仙鹤观社区  7.3.1 惠民殡葬政策宣讲" in said
    assert "惠民殡葬进小区  1场、100份、80人次（场按默认计）" in said
    for moved in ("（4场） 0 → 1", "（300份） 0 → 100", "（300人次） 0 → 80", "（600人次） 0 → 80"):
        assert moved in " ".join(said.split())


def test_dry_run_shows_and_writes_nothing(log: Run, run: Run, workspace: Workspace) -> None:
    assert "0 → 3" in log("5.1", "3人次", "--dry-run").out
    assert not ledger_exists(workspace.ledger)
    assert run("list", "--json").out.strip() == "[]"


def test_every_entry_knows_its_command_line(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-t", "入户")
    said = run("show", entry_id(run)).out
    assert "log -c xianheguan 5.1 3人次 -t 入户" in " ".join(said.split())


def test_amend_changes_what_is_named_and_keeps_the_rest(log: Run, run: Run) -> None:
    log(
        "7.3.1", "80人次", "100份", "-d", "3-12", "-t", "进小区", "--place", "广场", "--also", "7.4"
    )
    first = entry_id(run)
    assert run("amend", first[-6:], "90人次", "-r", "核对签到表").code == 0
    (entry,) = json.loads(run("list", "--json").out)
    assert entry["amounts"] == {"场": 1, "份": 100, "人次": 90, "次": 1}
    assert (entry["replaces"], entry["also"], entry["place"]) == (first, ["7.4"], "广场")
    assert len(json.loads(run("list", "--all", "--json").out)) == 2
    assert "核对签到表" in run("show", entry["id"]).out


def test_amend_can_move_an_entry_to_another_item_or_day(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-d", "3-12")
    run("amend", entry_id(run), "--item", "5.2", "-d", "3-13", "-r", "记错了")
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["item"], entry["date"], entry["amounts"]) == ("5.2", "2026-03-13", {"人次": 3})


def amended(log: Run, run: Run, logged: tuple[str, ...], *change: str) -> dict[str, Any]:
    log(*logged)
    ran = run("amend", entry_id(run), "-r", "核对", *change)
    assert ran.code == 0, ran.err
    (entry,) = json.loads(run("list", "--json").out)
    return entry  # type: ignore[no-any-return]


def test_amend_takes_an_amount_or_a_further_item_out(log: Run, run: Run) -> None:
    logged = ("7.3.1", "80人次", "100份", "-d", "3-12", "-t", "进小区", "--also", "7.4")
    entry = amended(log, run, logged, "0份", "--also", "无")
    assert (entry["amounts"], entry["also"]) == ({"场": 1, "人次": 80}, [])


def test_amend_of_the_names_corrects_their_number(log: Run, run: Run) -> None:
    entry = amended(log, run, ("7.2.2", "--who", "甲", "乙", "丙"), "--who", "甲", "乙")
    assert (entry["amounts"], entry["people"]) == ({"人": 2}, 2)


def test_amend_to_an_item_with_other_units_says_what_it_drops(log: Run, run: Run) -> None:
    log("7.3.1", "80人次", "100份", "-d", "3-12")
    said = run("amend", entry_id(run), "--item", "5.1", "-r", "记错项").out
    assert "5.1 没有单位 1场、100份，原来的数量去掉了" in said
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["item"], entry["amounts"]) == ("5.1", {"人次": 80})


def test_amend_to_an_item_without_types_drops_the_type(log: Run, run: Run) -> None:
    logged = ("7.1", "1支", "--who", "舞蹈队", "--type", "文体活动类", "-t", "备案", "-d", "3-1")
    log(*logged)
    said = run("amend", entry_id(run), "1个", "--item", "7.2.1", "-r", "记错项")
    assert "原来的类型“文体活动类”去掉了" in said.out, said.err


def test_amend_dry_run_changes_nothing(log: Run, run: Run) -> None:
    log("5.1", "3人次")
    assert "试算，没有写入" in run("amend", entry_id(run), "5人次", "-r", "核对", "--dry-run").out
    assert json.loads(run("list", "--json").out)[0]["amounts"] == {"人次": 3}


@pytest.mark.parametrize(
    "words",
    [
        ("7.2.2", "--who", "甲", "乙"),
        ("7.2.2", "--who", "甲、乙", "-t", "注册"),
        ("--who", "甲、乙", "7.2.2"),
        ("-t", "注册", "7.2.2", "--who", "甲", "乙", "2人"),
        ("7.2.2", "--who", "甲", "--who", "乙"),
    ],
)
def test_names_may_be_written_in_many_ways(log: Run, run: Run, words: tuple[str, ...]) -> None:
    log(*words)
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["amounts"], entry["people"]) == ({"人": 2}, 2)


def test_void_takes_it_out_of_the_count(log: Run, run: Run) -> None:
    log("5.1", "3人次")
    assert "3 → 0" in " ".join(run("void", entry_id(run), "-r", "重复").out.split())
    assert run("list").out == "没有符合的记录\n"
    (entry,) = json.loads(run("list", "--all", "--json").out)
    assert entry["voided"] is True


def test_list_is_narrowed_by_month_item_and_text(log: Run, run: Run) -> None:
    log("7.3.1", "80人次", "-d", "3-12", "-t", "进小区")
    log("7.3", "20人次", "-d", "4-12", "-t", "进院坝")
    log("5.1", "2人次", "-d", "3-31", "--note", "小区独居老人")

    def titles(*words: str) -> list[str]:
        return [e["title"] for e in json.loads(run("list", *words, "--json").out)]

    assert titles() == ["进小区", "", "进院坝"]
    assert titles("-m", "3") == ["进小区", ""]
    assert titles("7.3") == ["进小区", "进院坝"]
    assert titles("--text", "小区") == ["进小区", ""]
    assert titles("-c", "sanli") == []


def test_long_lists_tell_of_the_latest_and_say_so(log: Run, run: Run) -> None:
    for day in range(1, 6):
        log("5.1", f"{day}人次", "-d", f"3-{day}", "-t", f"走访{day}")
    short = run("list", "-n", "2").out
    assert "走访5" in short
    assert "走访4" in short
    assert "走访3" not in short
    assert "仅列出最近 2 条，共 5 条" in short
    assert "走访1" in run("list", "-n", "0").out
    assert "一共" not in run("list").out
    assert len(json.loads(run("list", "--json").out)) == 5
    told = run("explain", "5.1", "-n", "2").out
    assert "更早" in told
    assert "3 条（-n 0 列出全部）" in told
    assert re.search(r"更早 .* 6\b", told)
    assert re.search(r"走访5 .* 5 +15\b", told)
    assert "更早" not in run("explain", "5.1").out
    (page,) = json.loads(run("explain", "5.1", "--json", "-c", "xianheguan").out)
    assert len(page["indicators"][0]["entries"]) == 5


def test_keys_of_the_json_are_those_of_the_design(log: Run, run: Run) -> None:
    log("7.3.1", "80人次")
    targets = json.loads(run("targets", "--json").out)
    assert len(targets) == 138
    assert {"community", "category", "clause", "text", "item", "name"} <= set(targets[0])
    assert {"unit", "kind", "target", "per", "part_of"} <= set(targets[0])
    status = json.loads(run("status", "--json").out)
    assert status["as_of"] == "2026-06-30"
    (indicator,) = json.loads(run("status", "2.3", "--json").out)["communities"][0]["indicators"]
    assert indicator["target"] is None
    keys = "item name unit kind target per actual percent state expected periods"
    assert set(keys.split()) <= set(indicator)
    (entry,) = json.loads(run("list", "--json").out)
    keys = "id community date item title amounts also voided replaces"
    assert set(keys.split()) <= set(entry)


def test_status_can_be_narrowed(run: Run) -> None:
    def items(which: str) -> list[str]:
        found = json.loads(run("status", which, "-c", "sanli", "--json").out)
        return list(dict.fromkeys(i["item"] for i in found["communities"][0]["indicators"]))

    assert items("8") == ["8.1", "8.2", "8.3"]
    assert items("6.1") == ["6.1.1", "6.1.2"]
    assert items("7.3") == ["7.3", "7.3.1", "7.3.2", "7.3.3"]
    assert items("殡葬") == ["7.3.1"]


@pytest.mark.parametrize("words", [("status",), ("status", "--all"), ("targets",), ("due",)])
def test_screens_fit_80_columns_and_a_gbk_terminal(run: Run, words: tuple[str, ...]) -> None:
    out = run(*words).out
    assert out
    for line in out.splitlines():
        assert cell_len(line) <= 80, line
        line.encode("gbk")
        assert "\x1b" not in line


def test_an_installed_program_needs_no_set_up(tmp_path: Path) -> None:
    data = tmp_path / "data"
    env = os.environ | {"XDG_DATA_HOME": str(data), "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(data)}
    ran = subprocess.run(
        [sys.executable, "-m", "sgtrack", "status", "-c", "sanli", "--json"],
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert len(json.loads(ran.stdout)["communities"][0]["indicators"]) == 69
    assert ran.stderr == ""


def test_a_parent_folder_with_targets_is_the_workspace(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sgtrack.workspace import find_workspace

    below = workspace.root / "evidence" / "2026"
    below.mkdir(parents=True)
    server = {name: value for name, value in environment(workspace).items() if value}
    assert find_workspace(None, server, below) == workspace
    assert (
        find_workspace(None, server | {"SGTRACK_HOME": str(workspace.root)}, Path("/")) == workspace
    )


def test_the_default_community_is_taken(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace.root / "sgtrack.toml").write_text('community = "sanli"\n', encoding="utf-8")
    assert "三里社区" in run("log", "5.1", "3").out
    monkeypatch.setenv("SGTRACK_COMMUNITY", "xianheguan")
    assert "仙鹤观社区" in run("log", "5.1", "3").out
    assert "三里社区" in run("log", "5.2", "3", "-c", "三里").out


def test_one_broken_file_does_not_stop_the_other_community(run: Run, workspace: Workspace) -> None:
    (workspace.targets / "sanli.yaml").write_text("name：三里\n", encoding="utf-8")
    assert run("status", "-c", "仙鹤").code == 0
    assert run("log", "5.1", "3", "-c", "xianheguan").code == 0
    for words in (("status",), ("status", "-c", "三里"), ("status", "-c", "sanli")):
        ran = run(*words)
        assert (ran.code, "targets/sanli.yaml:1" in ran.err) == (1, True)


def test_a_second_file_of_the_same_community_is_a_community_of_its_own(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "3人次", "-d", "3-1")
    text = (workspace.targets / "xianheguan.yaml").read_text(encoding="utf-8")
    (workspace.targets / "copy.yaml").write_text(text, encoding="utf-8")
    ran = run("list", "-c", "xianheguan", "--json")
    assert len(json.loads(ran.out)) == 1
    assert json.loads(run("list", "-c", "copy", "--json").out) == []


def test_an_item_of_one_contract_alone_is_listed(run: Run, log: Run, workspace: Workspace) -> None:
    log("5.1", "3人次", "-d", "3-1")
    other = (workspace.targets / "sanli.yaml").read_text(encoding="utf-8")
    shared = (workspace.targets / "shared" / "lezhi.yaml").read_text(encoding="utf-8")
    (workspace.targets / "shared" / "other.yaml").write_text(
        shared.replace("code: 5.1\n", "code: 5.11\n"), encoding="utf-8"
    )
    (workspace.targets / "sanli.yaml").write_text(
        other.replace("lezhi.yaml", "other.yaml"), encoding="utf-8"
    )
    assert [e["item"] for e in json.loads(run("list", "5.1", "--json").out)] == ["5.1"]
    assert run("list", "5.12").code == 1


def test_month_alone_is_the_one_due_next(run: Run, workspace: Workspace) -> None:
    for words in (("brief",), ("brief", "--month"), ("brief", "--month", "--format", "md")):
        assert "2026-07 简报" in run(*words, "-c", "sanli").out


def test_due_tells_the_coming_weeks(run: Run) -> None:
    dues = json.loads(run("due", "-c", "sanli", "--json").out)
    coming = [(d["item"], d["deadline"]) for d in dues if not d["late"]]
    assert ("10.3.1", "2026-07-25") in coming
    assert ("10.1", "2026-06-30") in coming
    assert all(deadline <= "2026-07-28" for _, deadline in coming)


def test_the_brief_is_named_first_in_the_days_before_it_is_due(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "简报尚未提交（3月25日截止），剩余"
    command = "sgtrack brief --month 2026-03 -c sanli"
    for day, rest in (("2026-03-18", "7天"), ("2026-03-24", "1天")):
        monkeypatch.setenv("SGTRACK_TODAY", day)
        due = run("due", "-c", "sanli").out.splitlines()
        assert f"3月{words}{rest}" in due[1], due
        assert command in " ".join(due[1:3])
        status = run("status", "-c", "sanli").out
        assert status.index(f"3月{words}{rest}") < status.index("需要关注")
    for day in ("2026-03-17", "2026-03-26"):
        monkeypatch.setenv("SGTRACK_TODAY", day)
        for name in ("due", "status"):
            assert command not in " ".join(run(name, "-c", "sanli").out.split())
    monkeypatch.setenv("SGTRACK_TODAY", "2026-03-25")
    assert "3月简报尚未提交（今日截止）：" in run("due", "-c", "sanli").out


def test_an_unforeseen_error_shows_no_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sgtrack.app.context.AppContext.snapshot", lambda *_: 1 / 0)
    ran = run("status")
    assert ran.code == 1
    assert "程序出了错（ZeroDivisionError）" in ran.err
    assert "Traceback" not in ran.err
    assert (tmp_path / "sgtrack-error.log").read_text(encoding="utf-8")


def test_the_demo_shows_the_main_job_and_marks_what_it_made(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = run("demo")
    assert ran.code == 0
    for said in ("示例数据", "> sgtrack status", "总体完成", "2026-06 简报", "接着试试"):
        assert said in ran.out
    made = [Path(line.split("：")[-1]) for line in ran.out.splitlines() if "-06 简报" in line]
    assert [path.suffix for path in made] == [".md", ".docx"] * 2
    assert "示例数据" in made[0].read_text(encoding="utf-8").splitlines()[0]


def test_the_schema_is_valid_json_schema_with_the_keys(run: Run) -> None:
    schema = json.loads(run("targets", "schema").out)
    assert {"name", "period", "extends", "differs"} <= set(schema["properties"])


def test_init_makes_a_workspace_of_the_folder_one_is_in(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "新工作"
    here.mkdir()
    monkeypatch.chdir(here)
    assert str(here) in run("init", "-c", "sanli").out
    assert sorted(one.name for one in here.iterdir()) == ["sgtrack.toml", "targets", "templates"]


def test_the_words_of_the_contract_fill_their_lines(run: Run) -> None:
    """A line is not broken at a space within the contract's words."""
    told = run("explain", "7.3", "-c", "sanli").out
    assert (
        "\n合同原文：开展政策宣讲10场以上，发放宣传资料600 份，服务600人次；其中开展惠民殡\n"
        in told
    )


def test_a_figure_is_explained_by_its_latest_twenty_entries(log: Run, run: Run) -> None:
    for n in range(21):
        log("5.1", "1人次", "-d", f"3-{n + 1}")
    told = run("explain", "5.1").out
    assert "1 条（-n 0 列出全部）" in told
    assert ("2026-03-01" in told, "2026-03-02" in told) == (False, True)
    assert "2026-03-01" in run("explain", "5.1", "-n", "0").out


def test_a_finding_fills_its_lines(log: Run, run: Run) -> None:
    log("9.1.2", "4学时", "--who", "王小梅", "-t", "社工实务培训", "-d", "3-1")
    log("9.1.2", "4学时", "--who", "王小眉", "-d", "3-2")
    assert "2 个写法读音相同，可能是同一个人" in run("check").out


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (("due", "x"), "x"),
        (("due", "3", "4"), "3 4"),
        (("due", "三里（南）"), "三里（南）"),
        (("due", "(a)"), "(a)"),
        (("status", "5.1", "5.2", "5.3"), "5.2 5.3"),
        (("undo", "now"), "now"),
    ],
)
def test_words_that_belong_nowhere_are_quoted(run: Run, words: tuple[str, ...], extra: str) -> None:
    ran = run(*words)
    assert (ran.code, ran.err.splitlines()[0]) == (2, f"错误：多写了内容：{extra}")
