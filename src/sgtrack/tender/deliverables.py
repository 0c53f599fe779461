"""Reads the documents of a clause that are handed in once, such as reports, and their dates."""

from __future__ import annotations

import re
from datetime import date

from sgtrack.model.contract import Period
from sgtrack.model.text import any_spaced, longest_first
from sgtrack.tender.clause_proposals import NumberReading, ProposedItem
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.cues import split_list
from sgtrack.tender.lexicon import shorten_name, trim_name, word_list


def read_deliverables(state: ClauseState) -> None:
    """Add a milestone for each document to hand in once, such as a report.

    Add nothing if the clause has no items yet and names fewer than two documents.
    """
    spans = [r.start for r in state.reading.readings if not r.meaning.startswith("不是指标")]
    segments = [
        (segment.start(), segment[0], names)
        for segment in re.finditer(r"[^，。；！？\n]+", state.text)
        if not any(segment.start() <= place < segment.end() for place in spans)
        and (names := _find_deliverables(segment[0]))
    ]
    if not state.reading.items and sum(len(names) for _, _, names in segments) < 2:
        return  # _finish_clause makes the whole clause a milestone
    for start, words, names in segments:
        for name in names:
            item = ProposedItem(name=shorten_name(name), milestone=True)
            item.due = parse_due_day(words, state.period)
            state.reading.items.append(item)
        state.reading.readings.append(NumberReading(words, "完成一次：" + "、".join(names), start))


def parse_due_day(words: str, period: Period) -> date | None:
    """Return the due date in a text such as 2026年6月30日前 or 6月30日前, or None.

    A date without a year must occur only once in the project period.
    """
    written = re.search(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:之|以)?前", words)
    if written is None:
        return None
    years = [int(written[1])] if written[1] else range(period.start.year, period.end.year + 1)
    days = []
    for year in years:
        try:
            days.append(date(year, int(written[2]), int(written[3])))
        except ValueError:
            continue
    within = days if written[1] else [day for day in days if day in period]
    return within[0] if len(within) == 1 else None


def find_paper_unit(words: str) -> str | None:
    """Return the unit of a document that is handed in regularly (期 for 简报), or None."""
    units = word_list("written_units")
    for paper in longest_first(units):
        if paper in words:
            return str(units[paper])
    return None


def _find_deliverables(words: str) -> list[str]:
    """Return the names of documents to hand in: A报告 and B报告 for 上报A、B等报告."""
    handed = re.search(rf"(?:{any_spaced(word_list('hand_in'))})(?P<what>[^（）]+)$", words)
    if handed is None:
        return []
    papers = any_spaced(word_list("papers"))
    what = handed["what"].strip(" ：:")
    body, _, _ = what.partition("等")
    paper = re.search(rf"(?:{papers})$", what.strip())
    if paper is None and not re.search(rf"(?:{papers})", what):
        return []
    names = split_list(body)
    if not names:
        return [trim_name(what) or what]
    kind = paper[0] if paper else ""
    whole = [name if re.search(rf"(?:{papers})$", name) else f"{name}{kind}" for name in names]
    return [trim_name(name) or name for name in whole]
