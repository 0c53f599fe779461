"""``report`` on the command line: its files, the officer's own templates, refusals."""

from __future__ import annotations

from zipfile import ZipFile

import docx
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
    assert (ran.code, "无法写入" in ran.err) == (1, True)
    assert list(workspace.reports.iterdir()) == [blocked]


def test_her_own_texts_are_put_in_and_never_overwritten(run: Run, workspace: Workspace) -> None:
    def report() -> str:
        ran = run("report", "midterm", "--format", "md", *HERE)
        assert ran.code == 0, ran.err
        return ran.out

    def text() -> str:
        return (workspace.reports / "xianheguan-midterm.md").read_text(encoding="utf-8")

    assert "xianheguan-midterm-文字.md" in report()
    assert "结论：待填。" in text()
    own = workspace.briefs / "xianheguan-midterm-文字.md"
    written = own.read_text(encoding="utf-8").replace("## 结论\n", "## 结论\n\n总体进展顺利。\n")
    own.write_bytes((written + "\n## 感谢\n\n感谢各方。\n").encode("gb18030"))
    kept = own.read_bytes()
    said = report()
    assert "“## 感谢”不在规定的标题下" in said
    assert "“感谢各方。”不在规定的标题下" in said
    assert "总体进展顺利。" in text()
    assert "结论：待填。" not in text()
    assert "感谢各方" not in text()
    assert "写在下一行" not in text()
    assert own.read_bytes() == kept
    own.write_bytes(b"\x81\xff\x00")
    refused = run("report", "midterm", *HERE)
    assert (refused.code, "编码无法识别" in refused.err) == (1, True)


def test_the_contents_name_every_heading_with_its_page(workspace: Workspace, run: Run) -> None:
    assert run("report", "final", "--format", "docx", *HERE).code == 0
    document = docx.Document(str(workspace.reports / "xianheguan-final.docx"))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    listed = [text.partition("\t")[0] for text in paragraphs if "\t" in text]
    assert len(listed) == 17
    xml = document.element.xml
    for number, heading in enumerate(listed, start=1):
        assert heading in paragraphs  # the heading itself
        assert f'w:name="part{number}"' in xml
        assert f"PAGEREF part{number} " in xml
