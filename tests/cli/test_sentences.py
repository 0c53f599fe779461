"""``log "SENTENCE"`` and ``log --paste`` without a terminal."""

from __future__ import annotations

import json

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run, list_entries, run_command

SENTENCE = "3月12日在社区广场开展惠民殡葬政策宣讲1场，发放资料100份，服务居民80人次"
REPORT = """本周工作汇报：
1、6月22日，社工在社区广场开展垃圾分类宣讲1场，居民62人次参加。大家纷纷点赞！
2、6月23日，走访低保户8人次。
"""


def paste(workspace: Workspace, report: str | bytes, *options: str) -> Ran:
    return run_command(workspace.root, "log", "--paste", "-c", "xianheguan", *options, input=report)


def row(shown: str, name: str) -> str:
    """The line of the proposal that begins with a word."""
    return next(line for line in shown.splitlines() if line.strip().startswith(name))


def test_what_was_understood_is_shown_with_its_words(run: Run) -> None:
    ran = run("log", SENTENCE, "-c", "xianheguan", "--dry-run")
    assert ran.code == 0
    for name, read, words in (
        ("日期", "2026-03-12", "“3月12日”"),
        ("服务项", "7.3.1 惠民殡葬政策宣讲", "“惠民殡葬政策宣讲”"),
        ("场", "1", "“1场”"),
        ("份", "100", "“100份”"),
        ("人次", "80", "“80人次”"),
        ("地点", "社区广场", ""),
    ):
        line = row(ran.out, name)
        assert read in line
        assert words in line
    assert list_entries(run, "-c", "xianheguan") == []


def test_it_is_written_after_a_yes_only(run: Run) -> None:
    refused = run("log", SENTENCE, "-c", "xianheguan")
    assert refused.code == 1
    assert "没有写入：尚未确认" in refused.err
    assert "sgtrack log 7.3.1 1场 100份 80人次 -d 2026-03-12" in refused.err
    assert list_entries(run, "-c", "xianheguan") == []
    assert run("log", SENTENCE, "-c", "xianheguan", "--yes").code == 0
    (entry,) = list_entries(run, "-c", "xianheguan")
    assert (entry["date"], entry["item"], entry["place"]) == ("2026-03-12", "7.3.1", "社区广场")
    assert entry["amounts"] == {"场": 1, "份": 100, "人次": 80}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("3月12日开展惠民殡葬政策宣讲，服务居民80余人次", "“80余人次”不是准确的数"),
        ("前几天开展惠民殡葬政策宣讲，服务居民80人次", "“前几天”看不出是哪一天"),
        ("3月12日，社工为服务对象做心理疏导12人次", "可以是"),
        ("3月12日，召开工作推进会，安排下一步工作", "看不出是哪个服务项"),
        ("3月12日现场60人、线上观看1200人次，为老关爱活动1场", "里哪些算，一共多少"),
    ],
)
def test_what_is_uncertain_is_not_written_even_with_yes(run: Run, sentence: str, told: str) -> None:
    ran = run("log", sentence, "-c", "xianheguan", "--yes")
    assert ran.code == 1
    assert told in ran.err
    assert any(words in ran.out for words in ("待核实", "待选择"))
    assert list_entries(run, "-c", "xianheguan") == []


def test_a_report_proposes_an_activity_for_each_event(workspace: Workspace, run: Run) -> None:
    ran = paste(workspace, REPORT, "--dry-run")
    assert ran.code == 0
    assert "读出 2 次活动" in ran.out
    assert "7.3.3 垃圾分类政策宣讲" in ran.out
    assert "5.1 入户访视" in ran.out
    assert list_entries(run, "-c", "xianheguan") == []


def test_a_report_is_written_after_a_yes_only(workspace: Workspace, run: Run) -> None:
    refused = paste(workspace, REPORT)
    assert refused.code == 1
    assert "尚未确认" in refused.err
    assert list_entries(run, "-c", "xianheguan") == []
    assert paste(workspace, REPORT, "--yes").code == 0
    assert [
        (one["date"], one["item"], one["amounts"]) for one in list_entries(run, "-c", "xianheguan")
    ] == [
        ("2026-06-22", "7.3.3", {"场": 1, "人次": 62}),
        ("2026-06-23", "5.1", {"人次": 8}),
    ]


def test_a_report_with_one_open_question_writes_nothing(workspace: Workspace, run: Run) -> None:
    ran = paste(workspace, f"{REPORT}3、6月24日，走访特困人员近10人次。\n", "--yes")
    assert ran.code == 1
    assert "“近10人次”不是准确的数" in ran.err
    assert list_entries(run, "-c", "xianheguan") == []


def test_lines_of_a_report_that_became_no_activity_are_told(workspace: Workspace) -> None:
    report = f"{REPORT}下周计划：\n走访低保户10人次\n"
    told = paste(workspace, report, "--dry-run").out
    assert "没有读成活动：下周计划：" in told
    assert "没有读成活动：走访低保户10人次" in told
    read = json.loads(paste(workspace, report, "--dry-run", "--json").out)
    assert len(read["activities"]) == 2
    assert read["unread"][-2:] == ["下周计划：", "走访低保户10人次"]


def test_a_report_without_events_is_refused(workspace: Workspace, run: Run) -> None:
    ran = paste(workspace, "各位领导好，辛苦了！\n", "--yes")
    assert ran.code == 1
    assert "没有读出活动" in ran.err
    assert list_entries(run, "-c", "xianheguan") == []


def test_a_report_from_an_old_windows_program_is_read(workspace: Workspace) -> None:
    assert paste(workspace, REPORT.encode("gb18030")) == paste(workspace, REPORT)


def test_what_is_pasted_without_being_text_is_refused(workspace: Workspace) -> None:
    ran = paste(workspace, b"\xff\xff\xff")
    assert ran.code == 1
    assert ran.err.startswith("错误：汇报不是文字，读不懂")


def test_signs_alone_are_no_sentences_and_a_report_has_so_many_at_most(
    workspace: Workspace,
) -> None:
    assert paste(workspace, ";" * 5000).err.startswith("错误：没有读出活动")
    ran = paste(workspace, "走访；" * 1001)
    assert ran.err.startswith("错误：汇报有 1001 句，太多")


def test_json_of_a_draft_says_what_is_asked_and_not_used(run: Run) -> None:
    text = "近日走访低保户6户，送米3袋"
    ran = run("log", text, "-c", "xianheguan", "--dry-run", "--json")
    assert ran.code == 0
    assert json.loads(ran.out) == {
        "activities": [
            {
                "date": None,
                "item": "5.1",
                "candidates": [],
                "amounts": {},
                "implied": [],
                "asked": ["date", "人次"],
                "unused": ["送米3袋"],
                "place": "",
                "title": "",
                "series": None,
                "session": None,
                "participants": 0,
                "also": [],
                "closes": False,
            }
        ],
        "unread": [],
    }
    assert list_entries(run, "-c", "xianheguan") == []


@pytest.mark.parametrize("text", ["abc", "没有这样的事", "？", "走访3户"])
def test_json_of_a_draft_answers_every_text(run: Run, text: str) -> None:
    ran = run("log", text, "-c", "xianheguan", "--dry-run", "--json")
    assert ran.code == 0
    (activity,) = json.loads(ran.out)["activities"]
    assert (activity["item"], activity["asked"]) == (None, ["item"])


def test_json_of_what_was_written_is_the_entry(workspace: Workspace, run: Run) -> None:
    logged = json.loads(run("log", SENTENCE, "-c", "xianheguan", "--yes", "--json").out)
    (listed,) = list_entries(run, "-c", "xianheguan", "--with-names")
    assert logged == {key: value for key, value in listed.items() if key != "source"}
    assert listed["source"] == SENTENCE
    amended = json.loads(run("amend", logged["id"], "81人次", "-r", "核对", "--json").out)
    assert (amended["replaces"], amended["amounts"]["人次"]) == (logged["id"], 81)
    assert "source" not in amended
    voided = json.loads(run("void", amended["id"], "-r", "重复", "--json").out)
    assert (voided["id"], voided["voided"]) == (amended["id"], True)
    entries = json.loads(paste(workspace, REPORT, "--yes", "--json").out)
    assert [entry["item"] for entry in entries] == ["7.3.3", "5.1"]


def test_a_sentence_needs_no_quotation_marks(run: Run) -> None:
    words = ("今天", "走访", "低保户", "3人次")
    assert run("log", *words, "-c", "xianheguan", "--yes").code == 0
    (entry,) = list_entries(run, "-c", "xianheguan", "--with-names")
    assert (entry["item"], entry["amounts"], entry["source"]) == (
        "5.1",
        {"人次": 3},
        "今天 走访 低保户 3人次",
    )


@pytest.mark.parametrize(
    ("text", "title", "amounts"),
    [
        (
            "6月3日开展“300份爱心送万家”惠民殡葬政策宣讲，居民80人次参加",
            "300份爱心送万家",
            {"场": 1, "人次": 80},
        ),
        ("6月3日，60人次走访行动入户访视低保户8人次", "60人次走访行动", {"人次": 8}),
        (
            "6月3日开展千人次健步走惠民殡葬政策宣讲，居民80人次参加",
            "千人次健步走",
            {"场": 1, "人次": 80},
        ),
        ("6月3日入户访视低保户8人次", "第3场100人次访视", {"人次": 8}),
        ("6月3日入户访视，低保户8人次", "6月3日入户访视", {"人次": 8}),
    ],
)
def test_numbers_of_a_typed_title_are_no_amounts(
    run: Run, text: str, title: str, amounts: dict[str, int]
) -> None:
    ran = run("log", text, "-t", title, "-c", "sanli", "--yes", "--json")
    assert ran.code == 0, ran.err
    entry = json.loads(ran.out)
    assert (entry["amounts"], entry["title"]) == (amounts, title)
    assert entry["date"] == "2026-06-03"
    shown = json.loads(run("show", entry["id"], "--json", "--with-names").out)
    assert shown["source"] == text
