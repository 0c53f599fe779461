"""Every amount in the Word brief is found in the ledger's figures, by item, unit and month."""

from __future__ import annotations

import json
import re

import docx

from sgtrack.workspace import Workspace

from ..support.command_line import Run

COMMUNITY = ("-c", "xianheguan")
Figures = dict[tuple[str, str], float]


def figures(run: Run, day: str) -> tuple[Figures, dict[str, str]]:
    """The amounts of all totals on a day, and the name of each item."""
    (community,) = json.loads(run("status", "--json", "--as-of", day, *COMMUNITY).out)[
        "communities"
    ]
    rows = [row for row in community["indicators"] if row["kind"] == "total"]
    return (
        {(row["item"], row["unit"]): row["actual"] for row in rows},
        {row["item"]: row["name"] for row in rows},
    )


def amounts_in(text: str) -> set[tuple[float, str]]:
    found = re.findall(r"(\d+(?:\.\d+)?)(人次|户次|小时|学时|场|次|份|个|人|支)", text)
    return {(float(amount), unit) for amount, unit in found}


def test_amounts_of_the_word_brief_are_those_of_the_ledger(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "11人次", "-d", "2-3")
    log("5.1", "6人次", "-d", "3-3")
    log("6.3", "1场", "42人次", "-d", "3-4")
    log("7.3", "1场", "31人次", "-d", "3-5")
    log("7.3.1", "2场", "90人次", "170份", "-d", "3-6")
    log("7.3.3", "1场", "37人次", "-d", "2-6")
    log("7.2.4", "7.5小时", "-d", "3-7")
    assert run("brief", "--month", "3", "--format", "docx", *COMMUNITY).code == 0
    document = docx.Document(str(workspace.briefs / "xianheguan-2026-03.docx"))
    now, names = figures(run, "2026-03-25")
    before, _ = figures(run, "2026-02-25")
    gains = {key: now[key] - before[key] for key in now if now[key] != before[key]}
    table = next(t for t in document.tables if "编号" in t.rows[0].cells[0].text)
    moved: Figures = {}
    for row in table.rows[1:]:
        code, _, target, month, total, *_ = (cell.text for cell in row.cells)
        if "每" in target or not re.match(r"[\d.]+\D+$", month):
            continue
        ((amount, unit),) = amounts_in(month)
        moved[code, unit] = amount
        assert amounts_in(total) == {(now[code, unit], unit)}, code
    assert moved == gains
    texts = [paragraph.text for paragraph in document.paragraphs]
    first = next(n for n, text in enumerate(texts) if text.endswith("重点工作"))
    last = next(n for n, text in enumerate(texts) if text == "本月指标变动")
    told: set[tuple[str, float, str]] = set()
    for text in texts[first + 1 : last]:
        for words in re.split("[；，。（）]", text):
            name = next((n for n in names.values() if words.removeprefix("其中").startswith(n)), "")
            told |= {(name, amount, unit) for amount, unit in amounts_in(words)}
    assert told == {(names[item], gain, unit) for (item, unit), gain in gains.items()}
    people = sum(amount for amount, unit in ((6, "人次"), (42, "人次"), (31, "人次"), (90, "人次")))
    overview = next(text for text in texts if text.startswith("本月天池街道"))
    assert f"开展服务活动5次，服务居民{people}人次，发放资料170份" in overview
