"""Tables whose headings hold the units, have two levels, or name the group of the rows."""

from __future__ import annotations

import pytest

from sgtrack.tender.documents import read_content
from sgtrack.tender.draft_builder import build_drafts

from .scoring import TODAY, strict_amounts

TWO_LEVELS = """<table>
<tr><th rowspan=2>序号</th><th rowspan=2>服务类别</th><th rowspan=2>服务内容</th>
<th colspan=3>年度指标</th></tr>
<tr><th>场次</th><th>每场人数</th><th>受益人次</th></tr>
<tr><td>1</td><td rowspan=2>助老</td><td>防跌讲座</td><td>9</td><td>25</td><td>300</td></tr>
<tr><td>2</td><td>重阳慰问</td><td>2</td><td>40</td><td>120</td></tr></table>"""
BRACKETS = """<table><tr><th>项目</th><th>数量（场）</th><th>服务人次</th></tr>
<tr><td>邻里集市</td><td>3</td><td>600</td></tr><tr><td>口腔义诊</td><td>5</td><td>150</td></tr>
</table>"""
HOURS = """<table><tr><th>服务项目</th><th>课时数</th><th>备注</th></tr>
<tr><td>合唱课堂</td><td>48</td><td></td></tr><tr><td>剪纸课堂</td><td>≥24</td><td></td></tr>
</table>"""


def amounts_of(table: str) -> list[list[str]]:
    page = f"<html><body>{table}</body></html>"
    (draft,) = build_drafts(read_content(page.encode(), "x.html"), TODAY)
    return [sorted(strict_amounts(clause.reading.items).elements()) for clause in draft.clauses]


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (
            TWO_LEVELS,
            [
                ["total 人次 300", "total 场 9 [each 人 25]"],
                ["total 人次 120", "total 场 2 [each 人 40]"],
            ],
        ),
        (BRACKETS, [["total 人次 600", "total 场 3"], ["total 人次 150", "total 场 5"]]),
        (HOURS, [["total 课时 48"], ["total 课时 24"]]),
    ],
)
def test_bare_numbers_have_the_unit_of_their_heading(table: str, wanted: list[list[str]]) -> None:
    assert amounts_of(table) == wanted


def test_a_merged_first_cell_is_no_part_of_the_names() -> None:
    page = """<html><body><table><tr><th>任务</th><th>指标内容</th><th>数量</th></tr>
<tr><td rowspan=2>队伍建设</td><td>招募骨干</td><td>40名</td></tr>
<tr><td>骨干沙龙</td><td>6期</td></tr>
<tr><td>活动</td><td>净河行动</td><td>10次</td></tr></table></body></html>"""
    (draft,) = build_drafts(read_content(page.encode(), "x.html"), TODAY)
    names = [item.name for clause in draft.clauses for item in clause.reading.items]
    assert names == ["招募骨干", "骨干沙龙", "净河行动"]
