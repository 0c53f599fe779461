"""The officer's own texts of a month survive every draft and stand in every format."""

from __future__ import annotations

import re

import pytest

from sgtrack.brief.officer_texts import (
    BRIEF_SECTIONS,
    OfficerTexts,
    new_file,
    parse_texts,
)
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.tables import read_text

COMMUNITY = ("-c", "xianheguan")


def write(workspace: Workspace, month: str, **texts: str) -> None:
    workspace.briefs.mkdir(exist_ok=True)
    content = "".join(f"## {name}\n\n{text}\n\n" for name, text in texts.items())
    path = workspace.briefs / f"xianheguan-2026-{month}-文字.md"
    path.write_text(f"# 三月\n\n{content}", encoding="utf-8")


def test_her_texts_stand_in_every_format(run: Run, log: Run, workspace: Workspace) -> None:
    log("5.1", "1人次", "-d", "3-3")
    write(workspace, "03", 特色亮点="雨前巡查。", 原因分析="春节后换届。", 感谢及其他="谢谢街道。")
    stem = workspace.briefs / "xianheguan-2026-03"
    for kind in ("md", "docx", "html"):
        assert run("brief", "--month", "3", "--format", kind, *COMMUNITY).code == 0
        path = stem.with_name(f"{stem.name}.{kind}")
        text = read_text(path) if kind == "docx" else path.read_text(encoding="utf-8")
        for words in (
            "三、特色亮点",
            "雨前巡查。",
            "原因分析：春节后换届。",
            "六、感谢及其他",
            "谢谢街道。",
        ):
            assert words in text, (kind, words)


def test_an_unchanged_start_is_not_printed(run: Run, log: Run, workspace: Workspace) -> None:
    log("5.1", "1人次", "-d", "3-3")
    write(workspace, "02", 特色亮点="二月的亮点。")
    ran = run("brief", "text", "--month", "3", *COMMUNITY)
    path = workspace.briefs / "xianheguan-2026-03-文字.md"
    assert (ran.code, str(path) in ran.out.replace("\n", "")) == (0, True)
    started = path.read_text(encoding="utf-8")
    assert "> 二月的亮点。" in started
    ran = run("brief", "--month", "3", "--format", "md", *COMMUNITY)
    assert "没有编入" not in ran.out
    text = (workspace.briefs / "xianheguan-2026-03.md").read_text(encoding="utf-8")
    assert "二月的亮点" not in text
    assert "特色亮点" not in text
    path.write_text(started.replace("> 二月的亮点。", "二月的亮点。"), encoding="utf-8")
    assert run("brief", "text", "--month", "3", *COMMUNITY).code == 0
    assert "\n二月的亮点。" in path.read_text(encoding="utf-8")
    run("brief", "--month", "3", "--format", "md", *COMMUNITY)
    text = (workspace.briefs / "xianheguan-2026-03.md").read_text(encoding="utf-8")
    assert "二月的亮点。" in text


def test_lines_without_a_known_heading_are_told(run: Run, log: Run, workspace: Workspace) -> None:
    log("5.1", "1人次", "-d", "3-3")
    write(workspace, "03", 亮点工作="雨前巡查。")
    ran = run("brief", "--month", "3", "--format", "md", *COMMUNITY)
    assert ran.code == 0
    assert "“## 亮点工作”不在可用的标题下" in ran.out
    assert "“雨前巡查。”不在可用的标题下" in ran.out


def test_names_in_her_texts_are_pointed_out(run: Run, log: Run, workspace: Workspace) -> None:
    log("7.2.2", "-d", "3-3", "--who", "欧阳翠花")
    write(workspace, "03", 特色亮点="志愿者欧阳翠花带队。")
    ran = run("brief", "--month", "3", "--format", "md", *COMMUNITY)
    assert "有台账中的姓名，简报里写成：志愿者某带队。" in ran.out
    text = (workspace.briefs / "xianheguan-2026-03.md").read_text(encoding="utf-8")
    assert "欧阳翠花" not in text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_editor_of_windows_may_save_it(
    run: Run, log: Run, workspace: Workspace, encoding: str
) -> None:
    log("5.1", "1人次", "-d", "3-3")
    workspace.briefs.mkdir(exist_ok=True)
    path = workspace.briefs / "xianheguan-2026-03-文字.md"
    path.write_bytes("# 三月\r\n## 特色亮点\r\n雨前巡查，居民称赞。\r\n".encode(encoding))
    ran = run("brief", "--month", "3", "--format", "md", *COMMUNITY)
    assert "没有编入" not in ran.out
    text = (workspace.briefs / "xianheguan-2026-03.md").read_text(encoding="utf-8")
    assert re.search("特色亮点\n+雨前巡查，居民称赞。", text)


def test_a_new_file_has_nothing_to_print() -> None:
    last = OfficerTexts({"特色亮点": ("一。", "二。"), "感谢及其他": ("三。",)})
    content = new_file("标题", "简报", BRIEF_SECTIONS, last)
    assert parse_texts(content, BRIEF_SECTIONS) == OfficerTexts()
    assert all(f"## {name}" in content for name in BRIEF_SECTIONS)
    assert "> 二。" in content
