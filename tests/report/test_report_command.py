"""``report`` on the command line: its files, the officer's own templates, refusals."""

from __future__ import annotations

from zipfile import ZipFile

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.files import read_tree

HERE = ("-c", "xianheguan")


@pytest.mark.parametrize(
    ("kind", "title"), [("midterm", "中期评估报告"), ("final", "结项评估报告")]
)
def test_both_formats_say_the_same(
    run: Run, log: Run, workspace: Workspace, kind: str, title: str
) -> None:
    log("7.3.1", "1场", "80人次", "100份", "-d", "3-12", "-t", "惠民 & <殡葬>")
    assert run("report", kind, *HERE).code == 0
    markdown = (workspace.reports / f"xianheguan-{kind}.md").read_text(encoding="utf-8")
    with ZipFile(workspace.reports / f"xianheguan-{kind}.docx") as document:
        word = document.read("word/document.xml").decode("utf-8")
    assert title in markdown
    assert r"惠民 & \<殡葬\>" in markdown
    assert title in word
    assert "惠民 &amp; &lt;殡葬&gt;" in word


def test_names_are_announced_in_the_head(run: Run, workspace: Workspace) -> None:
    assert run("people", "add", "工甲", *HERE).code == 0
    for words, shown in (((), False), (("--with-names",), True)):
        assert run("report", "final", *words, *HERE).code == 0
        markdown = (workspace.reports / "xianheguan-final.md").read_text(encoding="utf-8")
        with ZipFile(workspace.reports / "xianheguan-final.docx") as document:
            word = document.read("word/document.xml").decode("utf-8")
        for text in (markdown, word):
            assert ("工甲" in text) is shown
            assert ("含姓名，请勿外传" in text) is shown


def test_her_own_template_wins(run: Run, workspace: Workspace) -> None:
    (workspace.templates / "midterm.md").write_text("{{ community }}", encoding="utf-8")
    assert run("report", "midterm", "--format", "md", *HERE).code == 0
    written = (workspace.reports / "xianheguan-midterm.md").read_text(encoding="utf-8")
    assert written == "天池街道仙鹤观社区"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--format", "pdf"), 2, "没有格式“pdf”"),
        (("--as-of", "某日"), 1, "某日"),
        (("--as-of", "2026-12-01"), 1, "还没有到"),
    ],
)
def test_what_is_refused_changes_nothing(
    run: Run, workspace: Workspace, words: tuple[str, ...], code: int, said: str
) -> None:
    before = read_tree(workspace.root)
    ran = run("report", "final", *words, *HERE)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert read_tree(workspace.root) == before


def test_a_report_that_cannot_be_written_is_refused_whole(run: Run, workspace: Workspace) -> None:
    blocked = workspace.reports / "xianheguan-final.docx"
    blocked.mkdir(parents=True)
    ran = run("report", "final", *HERE)
    assert (ran.code, "写不进去" in ran.err) == (1, True)
    assert list(workspace.reports.iterdir()) == [blocked]
