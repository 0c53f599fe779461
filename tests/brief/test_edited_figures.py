"""The figures of the officer's edited Word file are compared with those of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image

from sgtrack.brief.edited_brief import Comparison, OwnWords, compare_brief
from sgtrack.tender.documents import read_word
from sgtrack.tender.tender_document import Block, DocumentTable, TableCell

from ..support.command_line import Run
from ..support.tables import read_text
from ..support.word_edits import (
    DRAFT,
    EFFECT,
    HERE,
    ISSUE,
    NAME,
    Edit,
    adding,
    cell,
    edit,
    is_refused,
    paragraph,
    parts,
    replacing,
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
    assert "图表与现有台账不一致，请核对：图1　各类服务完成率、图2" in ran.out


def test_deleted_sentences_added_figures_and_names_are_pointed_out(run: Run, draft: Path) -> None:
    edit(
        draft,
        replacing("入户访视6人次；", ""),
        replacing("服务居民138人次", "服务居民138人次、慰问7户"),
        adding("志愿者欧阳翠花带队，走访12户。"),
    )
    ran = run(*ISSUE)
    assert ran.code == 0, ran.err
    assert "缺少台账中的这一句：“入户访视6人次”" in ran.out
    assert "7户不是台账写的，没有核对" in ran.out
    assert "有台账中的姓名，没有改动：“志愿者某带队" in ran.out
    assert "欧阳翠花" not in ran.out
    assert "欧阳翠花带队" in read_text(draft)
    assert ran.out.count("缺少台账中的这一句") == 1  # shown before issuing, not again after it


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
