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


RESULTS = """<table><tr><th>成果</th><th>数量</th><th>提交时间</th></tr>
<tr><td>工作月报</td><td>每月1份</td><td>每月12日前</td></tr>
<tr><td>专业案例</td><td>4篇</td><td>服务期内</td></tr></table>"""
CONDITIONS_BESIDE = """<table><tr><th>项目</th><th>内容</th><th>年度指标</th></tr>
<tr><td>减压</td><td>减压小组3个</td><td>每个小组不少于7节，每节不少于9人</td></tr>
<tr><td>义诊</td><td>进村义诊</td><td>6场，每场50人</td></tr></table>"""
AMOUNTS_IN_BOTH = """<table><tr><th>项目</th><th>内容</th><th>年度指标</th></tr>
<tr><td>讲座</td><td>普法讲座4场</td><td>讲座4场，每场30人</td></tr>
<tr><td>茶话会</td><td>长者茶话会</td><td>8次</td></tr></table>"""


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (RESULTS, [["monthly 份 1 [due 12]"], ["total 篇 4"]]),
        (CONDITIONS_BESIDE, [["total 个 3 [each 人 9; sessions 7]"], ["total 场 6 [each 人 50]"]]),
        (AMOUNTS_IN_BOTH, [["total 场 4 [each 人 30]"], ["total 次 8"]]),
    ],
)
def test_amounts_and_conditions_of_one_row_stand_together(
    table: str, wanted: list[list[str]]
) -> None:
    assert amounts_of(table) == wanted


NESTED = "1.基础服务\n1.探访300人次\n2.义诊4次\n2.文体活动\n{}.演出2场\n{}.棋赛3次"


@pytest.mark.parametrize(
    "text",
    [
        NESTED.format(1, 2),
        NESTED.format(3, 4),
        "（1）基础服务\n（1）探访300人次\n（2）义诊4次\n（2）文体活动\n（1）演出2场\n（2）棋赛3次",
    ],
)
def test_lists_of_one_style_stand_below_their_headings(text: str) -> None:
    (draft,) = build_drafts(read_content(f"服务任务\n{text}".encode(), "x.txt"), TODAY)
    assert [clause.clause.text for clause in draft.clauses] == [
        *("探访300人次", "义诊4次", "演出2场", "棋赛3次")
    ]


STACKED = ["序号", "服务项目", "数量", "单位", "服务标准"]
ROWS = [["1", "探访", "90", "户次", "一户一表"], ["2", "个案", "6", "例", "每例不少于5次"]]


@pytest.mark.parametrize("title", ["服务数量及标准", "服务内容及要求", "任务清单"])
def test_a_title_above_stacked_headings_is_no_heading(title: str) -> None:
    more = [["3", "小组", "4", "个", "每个小组6节"]]
    lines = [title, *STACKED, *(cell for row in [*ROWS, *more] for cell in row)]
    (draft,) = build_drafts(read_content("\n".join(lines).encode(), "x.txt"), TODAY)
    found = [sorted(strict_amounts(c.reading.items).elements()) for c in draft.clauses]
    assert found == [["total 户次 90"], ["total 例 6 [sessions 5]"], ["total 个 4 [sessions 6]"]]


@pytest.mark.parametrize(
    "line", ["案例研究：撰写案例6篇、论文1篇", "档案：建立档案80份", "成果：编印手册300册"]
)
def test_amounts_beside_services_are_services_too(line: str) -> None:
    text = (
        "一、服务要求\n1.讲座8场\n2.走访200户次\n3.小组4个\n"
        f"二、支持与研究\n（一）督导每月8小时\n（二）{line}\n（三）每月开展宣传2次"
    )
    (draft,) = build_drafts(read_content(text.encode(), "x.txt"), TODAY)
    assert line in [clause.clause.text for clause in draft.clauses]


@pytest.mark.parametrize("signs", ["指标性质", "指标符号", "性质"])
def test_a_column_of_signs_names_nothing(signs: str) -> None:
    page = f"""<html><body><table><tr><th>一级指标</th><th>三级指标</th><th>{signs}</th>
<th>指标值</th><th>度量单位</th></tr><tr><td rowspan=2>产出</td><td>入户走访</td><td>≥</td>
<td>700</td><td>户次</td></tr><tr><td>个案服务</td><td>=</td><td>9</td><td>例</td></tr>
</table></body></html>"""
    (draft,) = build_drafts(read_content(page.encode(), "x.html"), TODAY)
    assert [clause.clause.text for clause in draft.clauses] == [
        "入户走访：700户次",
        "个案服务：9例",
    ]
