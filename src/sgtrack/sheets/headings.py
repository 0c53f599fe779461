"""Recognizes the columns of a sheet by their headings."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sgtrack.files import write_whole
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.units import UNITS
from sgtrack.sheets.exported_rows import COMPUTED, VERSION
from sgtrack.sheets.table_reader import SheetTable, as_text
from sgtrack.sheets.workbook_process import Cell

FIELDS = {
    "日期": "day",
    "服务项": "item",
    "标题": "title",
    "地点": "place",
    "姓名": "names",
    "类型": "kind",
    "备注": "note",
    "同时计入": "also",
    "结束": "closes",
    "节次": "session",
    "到场": "attendance",
    "原文": "source",
    "数量": "amount",
    "单位": "unit",
    "不用": "",
}
"""English names of the meanings that a column may have; 不用 marks a column to ignore.

A unit such as 人次 is also a meaning. A column with this meaning contains amounts in this unit.
"""
NOT_IN_SHEETS = {
    "佐证材料": "导入后用 sgtrack evidence add 编号 文件 添加",
    "成效": "导入后用 sgtrack amend 编号 --effect 成效 写上",
    "原因": "要写原因的补记用 sgtrack log 一条一条记，加 -r 原因",
}
"""Unsupported headings, each with the command to use instead."""
_ALSO_CALLED = {
    "日期": ("时间", "活动时间", "活动日期", "服务日期", "服务时间", "开展时间", "年月日"),
    "服务项": ("服务项目", "项目", "指标", "服务指标", "编号", "服务项编号", "条款", "指标编号"),
    "标题": (
        "活动名称",
        "活动",
        "名称",
        "主题",
        "活动主题",
        "活动标题",
        "内容",
        "活动内容",
        "课程",
    ),
    "地点": ("活动地点", "服务地点", "地址", "开展地点"),
    "姓名": ("参加人", "参与人", "人员", "参加人员", "服务对象"),
    "类型": ("类别", "服务类型"),
    "备注": ("说明", "其他"),
    "同时计入": ("兼计",),
    "结束": ("到此结束", "是否结束", "结案", "是否结案"),
    "节次": (),
    "到场": (),
    "原文": (),
    "数量": ("数", "完成数量", "完成数"),
    "单位": ("计量单位",),
    "不用": ("序号", "No", "NO", "填表人", "签字", "类别名称", "社区"),
}
_KNOWN = {name: field for field, names in _ALSO_CALLED.items() for name in (field, *names)}
REMEMBERED = "headings.json"
_DEEPEST_HEAD = 10
_REPEATABLE = ("数量", "单位", "同时计入")
"""Meanings that several columns of a table may have at the same time."""
_NOT_OF_ONE_ACTIVITY = re.compile(
    "目标|计划|累计|预计|预期|应完成|任务|指标|未完成|剩余|还差|上月|上季|上年|去年|本年|全年|年度|合计|总计"
)
"""Words in headings of sums and targets, such as 累计人次; such columns are not imported."""
_TOTAL = re.compile(
    r"(?:[本全](?:[日周月季年页表]|季度|年度)|[上下]半年)?(?:合|小|总|共|累)计(?:数|行)?"
)
"""Texts of cells that mark a row of totals, such as 合计 or 本月小计."""
_LONGEST_TOTAL = 20
_COMPUTED = dict.fromkeys(COMPUTED[:-1], "不用")
"""Meanings of the headings of computed columns in exported sheets: an import ignores them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The meanings of the columns of a table.

    Fields that need an explanation:
        head: the number of the heading row, from 0.
        columns, headings: the meaning and the heading of each column, by column number from 0.
        unknown: headings without a known meaning.
        unused: headings of columns that are not imported.
        doubled: columns that repeat the meaning of an earlier column, each as the heading, the
            heading of the earlier column, and the meaning.
        codes: the codes that the officer meant by numbers in the column 服务项.
    """

    table: SheetTable
    head: int
    columns: Mapping[int, str]
    headings: Mapping[int, str]
    unknown: tuple[str, ...]
    unused: tuple[str, ...]
    doubled: tuple[tuple[str, str, str], ...]
    codes: Mapping[Cell, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Return whether there are columns for the date and the item, which are mandatory."""
        return {"日期", "服务项"} <= set(self.columns.values())

    @property
    def is_exported(self) -> bool:
        """Return whether ``export`` wrote this table, so that its rows may carry ids."""
        return VERSION in self.columns.values()

    def is_total(self, texts: Sequence[str]) -> bool:
        """Return whether a row is a row of totals.

        One of its cells says 合计 or the like, and it has neither a day nor an item.
        """
        for meaning in ("日期", "服务项"):
            place = self.column_of(meaning)
            if place is not None and texts[place] and not _is_total(texts[place]):
                return False
        return any(map(_is_total, texts))

    def column_of(self, meaning: str) -> int | None:
        """Return the number of the first column with a meaning, or None if there is none."""
        return next((place for place, name in self.columns.items() if name == meaning), None)


def find_layout(table: SheetTable, remembered: Mapping[str, str]) -> Layout | None:
    """Find the heading row among the first ten rows of a table.

    The first row with headings for both date and item is the heading row. If the row below it has
    these headings too, because they are merged over both rows, the row below is used, since it has
    the headings of the single columns. If no row has both headings, return the row with the most
    known headings, or None if no heading is known.
    """
    best: Layout | None = None
    for number, row in enumerate(islice(table.rows, _DEEPEST_HEAD)):
        layout = _read_headings(table, number, row, remembered)
        if best is not None and best.is_complete:
            return layout if layout.is_complete else best
        if layout.is_complete or best is None or len(layout.columns) > len(best.columns):
            best = layout
    return best if best is not None and best.columns else None


def _read_headings(
    table: SheetTable, number: int, row: tuple[Cell, ...], remembered: Mapping[str, str]
) -> Layout:
    headings = {place: name for place, cell in enumerate(row) if (name := plain_heading(cell))}
    for place in [*headings]:
        if (number, place) in table.repeated and headings[place] == headings.get(place - 1):
            # A heading that is merged over several columns describes only the first of them.
            del headings[place]
    own = _COMPUTED | {VERSION: VERSION} if VERSION in headings.values() else {}
    columns: dict[int, str] = {}
    unknown, unused, doubled = [], [], []
    for place, heading in headings.items():
        meaning = own.get(heading) or remembered.get(heading) or meaning_of(heading)
        if meaning is None:
            unknown.append(heading)
        elif meaning == "不用":
            if heading not in own:
                unused.append(heading)
        elif meaning in columns.values() and meaning not in _REPEATABLE:
            earlier = next(headings[p] for p, name in columns.items() if name == meaning)
            doubled.append((heading, earlier, meaning))
        else:
            columns[place] = meaning
    return Layout(
        table,
        number,
        columns,
        headings,
        tuple(dict.fromkeys(unknown)),
        tuple(unused),
        tuple(doubled),
    )


def _is_total(text: str) -> bool:
    return len(text) < _LONGEST_TOTAL and _TOTAL.fullmatch(re.sub(r"[\s:：]", "", text)) is not None


def plain_heading(cell: Cell) -> str:
    """Remove spaces, colons, bracketed text and final digits: 数量1（个） becomes 数量."""
    text = unicodedata.normalize("NFKC", as_text(cell))
    text = re.sub(r"[\s*:：]|\([^)]*\)|（[^）]*）", "", text)
    return re.sub(r"\d+$", "", text)


def meaning_of(heading: str) -> str | None:
    """Return the meaning of a heading, or None if it is unknown.

    The meaning of a heading that ends with a unit is this unit: 服务人次 means 人次. A heading such
    as 目标人次 is unknown, because its amounts belong to several activities.
    """
    if heading in _KNOWN:
        return _KNOWN[heading]
    if heading in UNITS:
        return heading
    if is_of_a_period(heading):
        return None
    units = [unit for unit in UNITS if len(unit) > 1 and heading.endswith(unit)]
    return max(units, key=len) if units else None


def is_of_a_period(heading: str) -> bool:
    """Return whether a heading names a target or a sum, such as 目标人次 or 累计人次."""
    return _NOT_OF_ONE_ACTIVITY.search(heading) is not None


def check_meaning(meaning: str) -> str:
    """Return ``meaning`` unchanged if a column may have it.

    Raises:
        Refused: the meaning is neither a field nor a unit.
    """
    if meaning in FIELDS or meaning in UNITS:
        return meaning
    raise Refused(
        f"没有“{meaning}”这样的列", f"可以是 {'、'.join(FIELDS)}，或一个单位，如 人次、场、份"
    )


def read_remembered(root: Path) -> dict[str, str]:
    """Read the meanings of headings that :func:`remember` stored; {} if there is no valid file."""
    try:
        meanings = json.loads((root / REMEMBERED).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(meanings, dict):
        return {}
    return {str(h): _KNOWN.get(str(m), str(m)) for h, m in meanings.items()}


def remember(root: Path, meanings: Mapping[str, str]) -> None:
    """Add the meanings of headings to the stored ones, for later imports.

    Raises:
        Refused: the file cannot be written.
    """
    everything = read_remembered(root) | dict(meanings)
    try:
        text = json.dumps(everything, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_whole({root / REMEMBERED: text.encode("utf-8")})
    except OSError as error:
        raise Refused(f"{root} 无法写入（{reason_of(error)}）", "检查文件夹的权限") from None
