"""The officer's edited Word file is issued as it is, if its figures are those of the ledger."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from PIL import Image

from sgtrack.cli import brief_command
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.files import remove
from ..support.office import convert_in_office
from ..support.tables import read_text
from ..support.word_edits import (
    DRAFT,
    HERE,
    ISSUE,
    NAME,
    adding,
    cell,
    code_in,
    edit,
    is_refused,
    paragraph,
    parts,
    read_all,
    replacing,
)


def test_what_she_wrote_is_issued_and_only_day_and_code_are_filled_in(
    run: Run, workspace: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = BytesIO()
    Image.new("RGB", (40, 30), "green").save(photo, "PNG")

    def illustrate(document: Any) -> None:
        paragraph(document, "为老关爱活动").runs[0].bold = True
        place = paragraph(document, "下月计划").insert_paragraph_before()
        place.add_run().add_picture(BytesIO(photo.getvalue()))

    own = "3月8日，走访2户困难家庭，送去慰问品5份。"
    edit(draft, adding(own), illustrate, replacing("6名老人转介到", "六位老人住进了"))
    hers = draft.read_bytes()
    monkeypatch.setenv("SGTRACK_TODAY", "2026-07-02")
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    assert f"文件      {NAME}" in ran.out
    assert ".md 和网页仍照台账写" in ran.out
    issued = draft.read_bytes()
    old, new = parts(hers), parts(issued)
    document = "word/document.xml"
    assert {k: v for k, v in old.items() if k != document} == {
        k: v for k, v in new.items() if k != document
    }
    before, after = (read_all(content) for content in (hers, issued))
    assert own in after
    expected = before.replace("正式发出时填写", code_in(ran)).replace(
        "2026年6月30日", "2026年7月2日"
    )
    assert after == expected != before
    assert run(*DRAFT).code == 0
    assert draft.read_bytes() == issued
    assert "注意" not in run("brief", "list", *HERE).out
    assert run("verify").code == 0
    stored = [path.read_bytes() for path in workspace.evidence.rglob("*") if path.is_file()]
    assert issued in stored
    assert own not in draft.with_suffix(".md").read_text(encoding="utf-8")


def compatible(name: str) -> Any:
    markup = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    return parse_xml(f'<mc:{name} xmlns:mc="{markup}"/>')


def test_a_day_in_a_text_box_is_filled_in(
    run: Run, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def box(document: Any) -> None:
        """Move the line of the day into a text box, which Word writes in two forms."""
        without_marks(document)
        line = paragraph(document, "2026年6月30日")._p
        place = line.getnext()
        both = compatible("AlternateContent")
        for kind in ("Choice", "Fallback"):
            content = OxmlElement("w:txbxContent")
            content.append(deepcopy(line))
            form = compatible(kind)
            form.append(content)
            both.append(form)
        line.getparent().remove(line)
        frame = OxmlElement("w:r")
        frame.append(both)
        place.append(frame)

    edit(draft, box)
    assert read_text(draft).count("2026年6月30日") == 2
    monkeypatch.setenv("SGTRACK_TODAY", "2026-07-02")
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    assert read_text(draft).count("2026年7月2日") == 2


def test_all_communities_take_their_edited_drafts(
    run: Run, workspace: Workspace, draft: Path
) -> None:
    edit(draft, adding("三里的一段。"))
    other = workspace.briefs / "xianheguan-2026-03.docx"
    assert run("brief", "--month", "3", "-c", "xianheguan").code == 0
    edit(other, replacing("第 3 期", "第 9 期"))
    ran = run("brief", "--month", "3", "--issue", "--yes", "--all")
    assert (ran.code, "台账里是 3期，文件里是 9期" in ran.err) == (1, True)
    assert "三里的一段" in read_text(draft)


def without_marks(document: Any) -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        for mark in list(document.element.body.iter(qn(tag))):
            mark.getparent().remove(mark)


def test_the_places_are_found_by_their_words_without_marks(
    run: Run, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(draft, without_marks)
    original = draft.read_bytes()
    edit(draft, replacing("正式发出时填写", ""), replacing("台账校验码：", "校验："))
    is_refused(run, "找不到填校验码的位置", "台账校验码：正式发出时填写")
    edit(draft, lambda document: document.add_paragraph("台账校验码 ： 正式发出时填写"))
    edit(draft, lambda document: document.add_paragraph("台账校验码：正式发出时填写"))
    is_refused(run, "有2处像是填校验码的位置")
    draft.write_bytes(original)
    edit(draft, replacing("2026年6月30日", "六月三十日"))
    is_refused(run, "找不到填发出日期的位置", "编印单位待填2026年6月30日")
    draft.write_bytes(original)
    monkeypatch.setenv("SGTRACK_TODAY", "2026-07-02")
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    text = read_all(draft.read_bytes())
    assert "编印单位待填2026年7月2日" in text
    assert f"台账校验码：{code_in(ran)}" in text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "2026年6月30日"),
        ("2026年 3月 9日", "2026年6月30日"),
        ("二〇二六年三月", "2026年6月30日"),
    ],
)
def test_a_day_that_she_typed_is_replaced(run: Run, draft: Path, typed: str, expected: str) -> None:
    edit(draft, replacing("2026年6月30日", typed))
    assert run(*ISSUE).code == 0
    assert f"编印单位待填{expected}\n" in read_all(draft.read_bytes())


def test_other_words_in_a_marked_place_are_not_lost(run: Run, draft: Path) -> None:
    edit(draft, replacing("2026年6月30日", "三月底（初稿）"))
    is_refused(run, "发出日期的位置现在写着“三月底（初稿）”")


def test_a_file_of_another_month_or_community_is_refused_by_name(
    run: Run, workspace: Workspace, draft: Path
) -> None:
    assert run("brief", "--month", "2", *HERE).code == 0
    february = workspace.briefs / "sanli-2026-02.docx"
    is_refused(
        run, "是2026年2月的简报，不是南塔街道三里社区2026年3月的", options=("--from", str(february))
    )
    assert run("brief", "--month", "3", "-c", "xianheguan").code == 0
    other = workspace.briefs / "xianheguan-2026-03.docx"
    is_refused(run, "是天池街道仙鹤观社区的简报", options=("--from", str(other)))


@pytest.mark.parametrize("title", ["三里社区社工站3月工作简报", "工作情况（2026年3月）"])
def test_the_title_may_be_reworded(run: Run, draft: Path, title: str) -> None:
    edit(draft, replacing("南塔街道三里社区2026年3月工作情况", title))
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err


def test_of_several_drafts_one_is_named_or_chosen(
    run: Run, workspace: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = draft.with_name("sanli-2026-03-新1.docx")
    edit(draft, adding("第一稿。"))
    edit(draft, adding("第二稿。"), target=newer)
    contents = draft.read_bytes(), newer.read_bytes()
    is_refused(run, f"{NAME}、{newer.name}", "--from")
    asked: list[list[str]] = []

    def choose(label: str, choices: list[str], *, none: str) -> int:
        asked.append([*choices, none])
        return 1

    monkeypatch.setattr(brief_command, "can_ask", lambda: True)
    monkeypatch.setattr(brief_command, "ask_choice", choose)
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    assert [names[:2] for names in asked] == [[NAME, newer.name]]
    assert "第二稿" in read_text(draft)
    aside = draft.with_name("sanli-2026-03-改稿1.docx")
    assert f"{NAME} 不发出，改名为 {aside.name}" in ran.out
    assert (aside.read_bytes(), newer.read_bytes()) == contents
    assert run("verify").code == 0


def test_the_generated_brief_can_be_issued_instead(run: Run, draft: Path) -> None:
    edit(draft, adding("自己写的一段。"))
    content = draft.read_bytes()
    assert run(*ISSUE, "--from", "0").code == 0
    assert "自己写的一段" not in read_text(draft)
    assert draft.with_name("sanli-2026-03-改稿1.docx").read_bytes() == content


def test_a_file_elsewhere_is_issued_and_stays(run: Run, draft: Path, tmp_path: Path) -> None:
    final = tmp_path / "定稿.docx"
    edit(draft, adding("定稿。"), target=final)
    content = final.read_bytes()
    ran = run(*ISSUE, "--from", str(final), "--format", "md")
    assert ran.code == 0, ran.err
    assert "定稿。" in read_text(draft)
    assert final.read_bytes() == content


def test_what_was_checked_is_issued_if_the_file_changes_while_it_asks(
    run: Run, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(draft, adding("第一稿。"))

    def answer(label: str) -> bool:
        edit(draft, adding("第二稿。"), replacing("138人次", "999人次"))
        return True

    monkeypatch.setattr(brief_command, "can_ask", lambda: True)
    monkeypatch.setattr(brief_command, "ask_yes", answer)
    ran = run(*DRAFT, "--issue")
    assert (ran.code, "简报已经发出" in ran.err) == (1, True)
    assert "第二稿" in read_text(draft)  # what she saved meanwhile stays
    draft.rename(draft.with_name("我的.docx"))
    assert run(*DRAFT).code == 0
    text = read_text(draft)
    assert ("第一稿" in text, "第二稿" in text, "999人次" in text) == (True, False, False)


def test_after_a_withdrawal_her_file_is_still_hers(run: Run, draft: Path) -> None:
    edit(draft, adding("自己写的一段。"))
    first = run(*ISSUE)
    assert run(*DRAFT).code == 0  # written again as issued
    assert [path.name for path in draft.parent.glob("*.docx")] == [NAME]
    assert run("brief", "withdraw", "--month", "3", "-r", "退回修改", *HERE).code == 0
    issued = draft.read_bytes()
    assert run(*DRAFT).code == 0
    assert draft.read_bytes() == issued
    assert draft.with_name("sanli-2026-03-新1.docx").exists()
    edit(draft, adding("补充的一段。"))
    second = run(*ISSUE)
    assert second.code == 0, second.err
    text = read_all(draft.read_bytes())
    assert ("自己写的一段。" in text, "补充的一段。" in text) == (True, True)
    assert (code_in(first) in text, code_in(second) in text) == (False, True)
    assert run("verify").code == 0


def test_it_says_if_her_stored_file_is_lost(run: Run, workspace: Workspace, draft: Path) -> None:
    edit(draft, adding("自己写的一段。"))
    assert run(*ISSUE).code == 0
    issued = draft.read_bytes()
    for stored in list(workspace.evidence.rglob("*")):
        if stored.is_file() and stored.read_bytes() == issued:
            remove(stored)
    ran = run(*DRAFT)
    assert "存档的 docx 文件缺失或被改动" in ran.out
    assert draft.read_bytes() == issued
    assert "自己写的一段" not in read_text(draft.with_name("sanli-2026-03-新1.docx"))


def bomb() -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b" " * 45_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 broken", "已损坏"),
        (b"", "不是 Word 的 .docx 文件"),
        ("写在记事本里".encode(), "不是 Word 的 .docx 文件"),
        (b"%PDF-1.7", "不是 Word 的 .docx 文件"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "有密码",
        ),
        (bomb(), "解开后太大"),
    ],
)
def test_a_file_that_is_no_word_file_is_refused(
    run: Run, draft: Path, content: bytes, words: str
) -> None:
    draft.write_bytes(content)
    ran = is_refused(run, NAME, words)
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("words", [("--from", "a.docx"), ("--issue", "--all", "--from", "a.docx")])
def test_the_option_needs_issue_and_one_community(run: Run, words: tuple[str, ...]) -> None:
    assert run("brief", "--month", "3", *words).code == 2


def test_a_file_that_is_not_there_is_refused(run: Run, draft: Path) -> None:
    is_refused(run, "没有这个文件", options=("--from", "nothing.docx"))
    is_refused(run, "是文件夹", options=("--from", str(draft.parent)))


def test_a_file_from_libreoffice_is_taken(run: Run, draft: Path, tmp_path: Path) -> None:
    photo = BytesIO()
    Image.new("RGB", (40, 30), "blue").save(photo, "JPEG")

    def illustrate(document: Any) -> None:
        place = paragraph(document, "下月计划").insert_paragraph_before()
        place.add_run().add_picture(BytesIO(photo.getvalue()))

    convert_in_office(draft)
    edit(draft, adding("在 LibreOffice 里写的一段。"), illustrate)
    convert_in_office(draft)
    hers = draft.read_bytes()
    assert run(*DRAFT).code == 0
    assert draft.read_bytes() == hers
    wrong = tmp_path / "wrong.docx"
    edit(draft, cell("7.3", "本月", "2场、190份、90人次"), target=wrong)
    is_refused(run, "文件里是 2场、190份、90人次", options=("--from", str(wrong)))
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    text = read_all(draft.read_bytes())
    assert "在 LibreOffice 里写的一段。" in text
    assert f"台账校验码：{code_in(ran)}" in text
    pictures = [file for name, file in parts(draft.read_bytes()).items() if "/media/" in name]
    assert photo.getvalue() in pictures
    convert_in_office(draft)  # the issued file opens
    assert code_in(ran) in read_all(draft.read_bytes())
