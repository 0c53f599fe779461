"""Filled templates print texts as typed; a faulty template is refused in plain words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from sgtrack.brief.rendering import render, template_path
from sgtrack.files import write_documents
from sgtrack.model.errors import Refused
from sgtrack.workspace import Workspace, packaged

from ..support.command_line import Run
from ..support.tables import read_text

ODD = "A & B <社区> | “引号” {{ 7 * 7 }} *星*"


def test_what_was_typed_is_printed_as_typed(run: Run, log: Run, workspace: Workspace) -> None:
    log("5.1", "3人次", "-d", "3-1", "-t", ODD)
    assert run("brief", "--month", "3", "-c", "xianheguan", "--annex", "full").code == 0
    assert ODD in read_text(workspace.briefs / "xianheguan-2026-03.docx")
    markdown = (workspace.briefs / "xianheguan-2026-03.md").read_text(encoding="utf-8")
    assert r"A & B \<社区\> \| “引号” {{ 7 \* 7 }} \*星\*" in markdown


def test_her_own_template_wins(run: Run, workspace: Workspace) -> None:
    (workspace.templates / "brief.md").write_text("{{ community }}：{{ number }}", encoding="utf-8")
    assert run("brief", "--month", "3", "--format", "md", "-c", "sanli").code == 0
    written = (workspace.briefs / "sanli-2026-03.md").read_text(encoding="utf-8")
    assert written == "南塔街道三里社区：3"


def test_without_her_own_the_packaged_one_is_taken(tmp_path: Path) -> None:
    assert template_path("brief.md", tmp_path).is_file()


@pytest.mark.parametrize(
    "template",
    [
        "{{ nothing_of_that_name }}",
        "{% for %}",
        "{{ title.__class__.__mro__[1].__subclasses__() }}",
        "{{ sections[0].rows[0].no }}",
    ],
)
def test_a_wrong_template_is_refused_and_nothing_written(
    run: Run, workspace: Workspace, template: str
) -> None:
    (workspace.templates / "brief.md").write_text(template, encoding="utf-8")
    ran = run("brief", "--month", "3", "-c", "sanli")
    assert ran.code == 1
    assert "模板 brief.md" in ran.err
    assert not workspace.briefs.exists()


def test_a_word_template_that_is_none_is_refused(run: Run, workspace: Workspace) -> None:
    (workspace.templates / "brief.docx").write_bytes(b"not a zip")
    ran = run("brief", "--month", "3", "-c", "sanli")
    assert (ran.code, "模板 brief.docx 打不开" in ran.err) == (1, True)
    assert not workspace.briefs.exists()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "brief.md").mkdir()
    with pytest.raises(Refused, match="无法写入"):
        write_documents({tmp_path / "brief.md": b"text"})
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".partial")] == []


def test_names_stay_in_the_ledger(run: Run, log: Run, workspace: Workspace) -> None:
    log("7.2.2", "-d", "3-1", "-t", "注册", "--who", "赵钱孙")
    run("brief", "--month", "3", "-c", "xianheguan")
    for path in workspace.briefs.iterdir():
        content = read_text(path)
        assert "注册" in content
        assert "赵钱孙" not in content
    entry = json.loads(run("list", "--json", "-c", "xianheguan").out)[0]["id"]
    assert "赵钱孙" not in run("show", entry).out
    assert "赵钱孙" in run("show", entry, "--with-names").out
    for words in (("list",), ("list", "--json"), ("status", "--json"), ("explain", "7.2.2")):
        assert "赵钱孙" not in run(*words, "-c", "xianheguan").out


def test_the_word_template_is_an_a4_page_of_an_office() -> None:
    with ZipFile(packaged("templates") / "brief.docx") as archive:
        document = archive.read("word/document.xml").decode("utf-8")
        styles = archive.read("word/styles.xml").decode("utf-8")
    size = re.search(r'<w:pgSz w:w="(\d+)" w:h="(\d+)"', document)
    assert size is not None
    assert [round(int(n) / 56.7) for n in size.groups()] == [210, 297]
    margins = {
        k: round(int(v) / 56.7)
        for k, v in re.findall(r'w:(top|right|bottom|left)="(\d+)"', document)
    }
    assert margins == {"top": 37, "bottom": 35, "left": 28, "right": 26}
    assert 'w:eastAsia="仿宋_GB2312"' in styles
    assert document.count("<w:tblHeader/>") == 5
    assert 'w:lineRule="exact" w:line="570"' in styles  # 28.5 pt


def test_render_refuses_a_template_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="打不开"):
        render(tmp_path / "brief.md", {})
