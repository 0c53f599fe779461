"""Reads rows that were exported from another ledger and are new activities in this one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.proposal import fit, terms_of
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.sheets.cell_parsing import BadCell, parse_amount, reason_with_hint
from sgtrack.sheets.exported_rows import DONE, VERSION
from sgtrack.sheets.row_changes import INPUT_FIELDS, ExportedRow, parse_field
from sgtrack.sheets.row_parsing import Read


def read_foreign_rows(
    project: Project, groups: Iterable[Sequence[ExportedRow]], today: date
) -> Iterator[Read | BadCell]:
    """Yield the activities of rows that were exported from another ledger.

    Each of ``groups`` holds the rows of one entry.
    """
    for group in groups:
        first = group[0]
        rows = [row for row in group if row.sheet == first.sheet]
        heading = "服务项"
        try:
            values: dict[str, Any] = {}
            for heading in first.cells:
                if heading in INPUT_FIELDS:
                    if any(row.text(heading) != first.text(heading) for row in rows):
                        raise Refused("同一条记录的几行写得不一样", "改成一样的")
                    values[INPUT_FIELDS[heading]] = parse_field(project, first, heading, today)
            heading = "数量"
            cells = [(row.text("单位"), row.text("数量")) for row in rows]
            amounts = tuple(
                parse_amount(text, unit) for unit, text in cells if (text, unit) != (DONE, "")
            )
            day, item = date.fromisoformat(values["day"]), values["item"]
            source = first.text("原文") or f"{first.sheet} 第{first.number + 1}行"
            heading = "期别"
            for_month = first.text(heading)
            if for_month and re.fullmatch("2[0-9]{3}-(0[1-9]|1[0-2])", for_month) is None:
                raise Refused(f"“{for_month}”不是月份", "写成 2026-03")
            typed = ActivityInput(
                **{**values, "amounts": amounts, "source": source, "for_month": for_month}
            )
            heading = VERSION
            activity, implied = fit(
                terms_of(project, item, values.get("also", ())), day, typed, today
            )
        except Refused as refused:
            yield first.bad(heading, reason_with_hint(refused))
        else:
            yield Read(activity, first.sheet, first.number + 1, implied)
