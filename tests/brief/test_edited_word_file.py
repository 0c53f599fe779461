"""The officer's edited Word file is issued as it is, if its figures are those of the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from PIL import Image

from sgtrack.brief.edited_brief import Comparison, OwnWords, compare_brief
from sgtrack.cli import brief_command
from sgtrack.tender.documents import read_word
from sgtrack.tender.tender_document import Block, DocumentTable, TableCell
from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run, list_entries
from ..support.files import remove
from ..support.office import convert_in_office
from ..support.tables import read_text

HERE = ("-c", "sanli")
DRAFT = ("brief", "--month", "3", *HERE)
ISSUE = (*DRAFT, "--issue", "--yes")
NAME = "sanli-2026-03.docx"
EFFECT = "6名老人转介到卫生中心。"
Edit = Callable[[Any], object]


@pytest.fixture
def draft(run: Run, workspace: Workspace) -> Path:
    """The Word draft of March."""
    for words in (
        ("log", "5.1", "6人次", "-d", "3-3"),
        ("log", "6.3", "1场", "42人次", "-d", "3-4", "--effect", EFFECT),
        (
            "log",
            "7.3.1",
            "2场",
            "90人次",
            "170份",
            "-d",
            "3-6",
            "-t",
            "清明宣讲",
            "--place",
            "院坝",
        ),
        ("log", "7.2.2", "-d", "3-9", "--who", "欧阳翠花"),
    ):
        assert run(*words, *HERE).code == 0
    assert run(*DRAFT).code == 0
    return workspace.briefs / NAME


def edit(path: Path, *edits: Edit, target: Path | None = None) -> None:
    document = docx.Document(str(path))
    for change in edits:
        change(document)
    document.save(str(target or path))


def paragraph(document: Any, words: str) -> Any:
    return next(p for p in document.paragraphs if words in p.text)


def replacing(old: str, new: str) -> Edit:
    """Replace words in the first run, of a paragraph or a cell, that has them."""

    def change(document: Any) -> None:
        cells = (c for t in document.tables for r in t.rows for c in r.cells)
        paragraphs = [*document.paragraphs, *(p for c in cells for p in c.paragraphs)]
        run = next(r for p in paragraphs for r in p.runs if old in r.text)
        run.text = run.text.replace(old, new, 1)

    return change


def cell(row: str, column: str, text: str, table: str = "编号") -> Edit:
    def change(document: Any) -> None:
        found = next(t for t in document.tables if t.rows[0].cells[0].text == table)
        place = [c.text for c in found.rows[0].cells].index(column)
        line = next(r for r in found.rows if row in [c.text for c in r.cells])
        line.cells[place].paragraphs[0].runs[0].text = text

    return change


def adding(text: str) -> Edit:
    return lambda document: paragraph(document, "下月计划").insert_paragraph_before(text)


def is_refused(run: Run, *words: str, options: tuple[str, ...] = ()) -> Ran:
    before = list_entries(run)
    ran = run(*ISSUE, *options)
    assert (ran.code, list_entries(run)) == (1, before), ran.out
    for word in words:
        assert word in ran.err
    return ran


def code_in(ran: Ran) -> str:
    found = re.search("校验码 ([-0-9a-f]{19})", ran.out)
    assert found is not None, ran.out + ran.err
    return found[1]


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


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


def read_all(content: bytes) -> str:
    """The texts of a Word file, one paragraph a line."""
    document = docx.Document(BytesIO(content))
    return "\n".join(
        "".join(t.text or "" for t in p.iter(qn("w:t")))
        for p in document.element.body.iter(qn("w:p"))
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            cell("7.3", "本月", "2场、190份、90人次"),
            ("本月指标变动", "7.3", "本月", "文件里是 2场、190份、90人次"),
        ),
        (cell("为老关爱活动", "状态", "正常"), ("6.3 为老关爱活动 10场、400人次，状态",)),
        (cell("县级媒体宣传报道", "本月", "2次"), ("10.1", "台账里是 —，文件里是 2次")),
        (replacing("服务居民138人次", "服务居民183人次"), ("138人次，文件里是 183人次",)),
        (replacing("服务居民138人次，", ""), ("138人次，文件里没有",)),
        (replacing("活动1场、42人次。", "活动1场、４５人次。"), ("42人次，文件里是 45人次",)),
        (replacing("第 3 期", "第 4 期"), ("3期，文件里是 4期",)),
        (replacing("宣讲2场、170份、90人次（", "宣讲3场、170份、90人次（"), ("2场，文件里是 3场",)),
    ],
)
def test_a_wrong_figure_is_refused_by_name(
    run: Run, draft: Path, change: Edit, words: tuple[str, ...]
) -> None:
    edit(draft, change, adding("自己写的一段。"))
    content = draft.read_bytes()
    is_refused(run, "1处和台账不一致", *words)
    assert draft.read_bytes() == content


def remove_row(document: Any) -> None:
    row = next(r for t in document.tables for r in t.rows if r.cells[0].text == "5.1")
    row._tr.getparent().remove(row._tr)


def remove_column(document: Any) -> None:
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "编号")
    for row in table.rows:
        row._tr.remove(row.cells[4]._tc)


def remove_table(document: Any) -> None:
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "编号")
    table._tbl.getparent().remove(table._tbl)


def test_missing_rows_columns_and_tables_are_named(run: Run, draft: Path) -> None:
    original = draft.read_bytes()
    for change, words in (
        (remove_row, "表“本月指标变动”缺少一行：5.1 入户访视 50人次"),
        (remove_column, "表“本月指标变动”缺少“累计”一栏"),
        (remove_table, "缺少表“本月指标变动”"),
    ):
        draft.write_bytes(original)
        edit(draft, change)
        is_refused(run, "1处和台账不一致", words)
    assert run(*ISSUE, "--annex", "none").code == 0  # then no table is needed


def test_an_annex_that_the_brief_does_not_need_is_compared_too(run: Run, draft: Path) -> None:
    assert run(*DRAFT, "--annex", "full").code == 0
    original = draft.read_bytes()
    edit(draft, replacing("50.0%", "60.0%"))
    is_refused(run, "7.3.1 惠民殡葬政策宣讲 4场，完成率：台账里是 50.0%，文件里是 60.0%")
    draft.write_bytes(original)
    edit(draft, cell("3月6日", "数量", "2场、170份、96人次", "日期"))
    is_refused(run, "3月6日 惠民殡葬政策宣讲", "96人次")
    draft.write_bytes(original)

    def change(document: Any) -> None:
        section = next(
            c for t in document.tables for r in t.rows for c in r.cells if "5　提供" in c.text
        )
        section.paragraphs[0].runs[0].text = "5　提供救助服务（99.0%）"

    edit(draft, change)
    is_refused(run, "5提供救助服务", "文件里是 5提供救助服务(99.0%)")


def rearrange(document: Any) -> None:
    """Move, split, join and reword paragraphs, split runs and add a row, as Word users do."""
    problems, plans = (paragraph(document, words)._p for words in ("存在的问题", "下月计划"))
    moved = paragraph(document, "本月指标变动")._p
    problems.getparent().insert(0, deepcopy(problems))
    problems.getparent().remove(problems)
    table = moved.getnext()
    plans.addprevious(moved)
    plans.addprevious(table)
    overview = paragraph(document, "服务居民138人次")
    text = overview.text
    first, second = text.split("。", 1)
    overview.runs[0].text = ""
    for number, character in enumerate(
        first.replace("开展服务活动", "共举办服务活动") + "，居民反响很好。"
    ):
        overview.add_run(character).italic = number % 2 == 0
    overview.insert_paragraph_before(
        "".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in second)
    )
    rows = next(t for t in document.tables if t.rows[0].cells[0].text == "编号")
    row = deepcopy(rows.rows[-1]._tr)
    rows._tbl.append(row)
    for place, words in enumerate(("12.1", "自加项目", "5场", "1场", "1场", "20.0%", "正常")):
        rows.rows[-1].cells[place].paragraphs[0].runs[0].text = words


def test_rearranged_and_reworded_text_is_taken(run: Run, draft: Path) -> None:
    edit(draft, rearrange)
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    assert "表“本月指标变动”多1行，没有核对：12.1 自加项目 5场" in ran.out
    assert "居民反响很好" in read_text(draft)


def test_a_table_may_be_split_and_a_wrong_copy_is_pointed_out(run: Run, draft: Path) -> None:
    def split(document: Any) -> None:
        table = next(t for t in document.tables if t.rows[0].cells[0].text == "编号")
        second = deepcopy(table._tbl)
        line = document.add_paragraph("（续表）")
        line._p.addnext(second)
        for row in table.rows[4:]:
            row._tr.getparent().remove(row._tr)
        for row in second.findall(qn("w:tr"))[:4]:
            second.remove(row)

    edit(draft, split)
    original = draft.read_bytes()
    edit(draft, replacing("28.3%", "38.3%"))
    is_refused(run, "7.3 政策宣讲", "文件里是 15.0%~38.3%")
    draft.write_bytes(original)
    edit(draft, lambda document: document.element.body.append(deepcopy(document.tables[0]._tbl)))
    edit(
        draft, lambda d: setattr(d.tables[-1].rows[3].cells[3].paragraphs[0].runs[0], "text", "9次")
    )
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    assert "表“本月指标变动”多" in ran.out


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


def test_every_changed_figure_is_found(run: Run, draft: Path) -> None:
    """Each number of a sentence and each third of a table, changed alone, is a difference."""
    assert run(*DRAFT, "--annex", "full").code == 0
    blocks = read_word(draft.read_bytes(), NAME).blocks
    own = OwnWords((EFFECT,), ())
    assert compare_brief(blocks, blocks, own) == Comparison((), ())
    last = next(n for n, b in enumerate(blocks) if isinstance(b, str) and b.endswith("下月计划"))
    missed, tried = [], 0
    for place, block in enumerate(blocks):
        numbered = isinstance(block, str) and place >= last
        if numbered or (isinstance(block, str) and block == EFFECT):
            continue
        for changed in change_numbers(block):
            tried += 1
            edited = [*blocks[:place], changed, *blocks[place + 1 :]]
            if not compare_brief(blocks, edited, own).differences:
                missed.append(changed)
    assert (missed, tried > 60) == ([], True)


def change_numbers(block: Block) -> Iterator[Block]:
    """Yield a block once for each number that has a unit, with this number changed."""
    if isinstance(block, str):
        text = block.replace(EFFECT, "")
        for match in re.finditer(r"\d+(?=\.?\d*(?:人次|人|场|份|项|次|期|日|月|%))", text):
            yield text[: match.start()] + f"{int(match[0]) + 1}" + text[match.end() :]
        return
    cells = [(r, c) for r, row in enumerate(block.rows) for c in range(len(row))]
    for line, column in cells[::3]:
        cell = block.rows[line][column]
        if number := re.search(r"\d+", cell.text):
            before, after = cell.text[: number.start()], cell.text[number.end() :]
            text = f"{before}{int(number[0]) + 1}{after}"
            rows = [list(row) for row in block.rows]
            rows[line] = [TableCell((text,)) if c is cell else c for c in rows[line]]
            yield DocumentTable(tuple(map(tuple, rows)))


def test_charts_of_another_day_are_pointed_out(run: Run, draft: Path) -> None:
    assert run(*DRAFT, "--annex", "full").code == 0
    packed = parts(draft.read_bytes())
    chart = BytesIO()
    Image.new("RGB", (40, 30), "red").save(chart, "PNG")
    with ZipFile(draft, "w") as package:
        for name, content in packed.items():
            package.writestr(name, chart.getvalue() if name.endswith(".png") else content)
    ran = run(*ISSUE, "--annex", "full")
    assert ran.code == 0, ran.err
    assert "图表不是照现在的台账画的，请核对：图1　各类服务完成率、图2" in ran.out


def test_deleted_sentences_added_figures_and_names_are_pointed_out(run: Run, draft: Path) -> None:
    edit(
        draft,
        replacing("入户访视6人次；", ""),
        replacing("服务居民138人次", "服务居民138人次、慰问7户"),
        adding("志愿者欧阳翠花带队，走访12户。"),
    )
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    assert "没有写台账里的这一句：“入户访视6人次”" in ran.out
    assert "7户不是台账写的，没有核对" in ran.out
    assert "有台账中的姓名，没有改动：“志愿者某带队" in ran.out
    assert "欧阳翠花" not in ran.out
    assert "欧阳翠花带队" in read_text(draft)
    assert ran.out.count("没有写台账里的这一句") == 1  # shown before issuing, not again after it


def test_tracked_insertions_count_and_tracked_deletions_do_not(run: Run, draft: Path) -> None:
    def track(document: Any) -> None:
        line = paragraph(document, "服务居民138人次")
        before, after = line.text.split("138人次", 1)
        line.runs[0].text = before
        for tag, words in (("w:del", "999人次"), ("w:ins", "138人次")):
            change = OxmlElement(tag)
            change.set(qn("w:id"), "90")
            change.set(qn("w:author"), "她")
            run_element = deepcopy(line.runs[0]._r)
            text = run_element.find(qn("w:t"))
            text.text = words
            if tag == "w:del":
                text.tag = qn("w:delText")
            change.append(run_element)
            line._p.append(change)
        line.add_run(after)

    edit(draft, track)
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    assert "还有修订或批注" in ran.out


def test_a_draft_older_than_the_ledger_is_refused_with_all_figures(run: Run, draft: Path) -> None:
    edit(draft, adding("自己写的一段。"))
    assert run("log", "5.1", "3人次", "-d", "3-12", *HERE).code == 0
    ran = is_refused(
        run,
        "9人次，文件里是 6人次",
        "141人次，文件里是 138人次",
        "5.1 入户访视 50人次，完成率：台账里是 18.0%，文件里是 12.0%",
    )
    assert "台账里是 170份" not in ran.err


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
