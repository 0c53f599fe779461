"""Tables in text are recognised by blanks, bars, tabs or headings; prose stays prose."""

from __future__ import annotations

import pytest

from sgtrack.tender.documents import read_content
from sgtrack.tender.tender_document import DocumentTable


def read(text: str) -> list[str | list[list[str]]]:
    return [
        [[cell.text for cell in row] for row in block.rows]
        if isinstance(block, DocumentTable)
        else block
        for block in read_content(text.encode(), "x.txt").blocks
    ]


TABLE = [
    ["类别", "项目", "指标"],
    ["为老服务", "探访", "每月不少于8次"],
    ["为小服务", "课后托管", "120课时"],
]


def joined(separator: str, table: list[list[str]] = TABLE) -> str:
    return "\n".join(separator.join(row) for row in table)


@pytest.mark.parametrize(
    "separator", ["  ", "      ", "　", "　　", " 　 ", "\t", "\t\t", "|", " | ", "│", "｜"]
)
def test_separators(separator: str) -> None:
    rows = [[cell for cell in row if cell] for row in read(joined(separator))[0]]
    assert rows == TABLE


ALIGNED = """\
一、服务指标
序号    类别          项目            年度指标
1       困难帮扶      入户探访        对辖区困难家庭探访，全年不少
                                      于240户次
2                     个案服务        5个
3       社区融合      邻里活动        10场，每场不少于
                                      30人；
                                      其中端午、重阳各1场
4                     志愿服务队      2支
二、付款方式
合同签订后付50%。"""


def test_columns_below_each_other_with_wrapped_and_merged_cells() -> None:
    title, table, *rest = read(ALIGNED)
    assert (title, rest) == ("一、服务指标", ["二、付款方式", "合同签订后付50%。"])
    assert table == [
        ["序号", "类别", "项目", "年度指标"],
        ["1", "困难帮扶", "入户探访", "对辖区困难家庭探访，全年不少于240户次"],
        ["2", "", "个案服务", "5个"],
        ["3", "社区融合", "邻里活动", "10场，每场不少于30人；\n其中端午、重阳各1场"],
        ["4", "", "志愿服务队", "2支"],
    ]


def test_merged_cells_on_the_left_may_be_missing() -> None:
    text = "类别  项目  指标\n为老服务领域  探访  每月8次\n生日会  4场\n为小  托管  120课时"
    assert read(text) == [
        [
            ["类别", "项目", "指标"],
            ["为老服务领域", "探访", "每月8次"],
            ["", "生日会", "4场"],
            ["为小", "托管", "120课时"],
        ]
    ]


@pytest.mark.parametrize("separator", ["   ", "\t", "|"])
def test_the_further_lines_of_a_cell_belong_to_it(separator: str) -> None:
    rows = [
        ["类别", "指标"],
        ["为老", "1.探访80人次；\n2.讲座4场；\n3.助餐"],
        ["为小", "面向辖区困境儿童开展需求评估与成长陪伴，\n全年不少于30人次"],
    ]
    table, after = read(f"{joined(separator, rows)}\n\n以上指标按季度考核。")
    assert after == "以上指标按季度考核。"
    assert table[1][1] == "1.探访80人次；\n2.讲座4场；\n3.助餐"
    assert table[2][1] == "面向辖区困境儿童开展需求评估与成长陪伴，全年不少于30人次"


def test_a_table_without_headings_needs_amounts() -> None:
    table = "个案服务    不少于10例\n小组服务    不少于4个\n社区活动    不少于12场"
    assert read(table) == [
        [["个案服务", "不少于10例"], ["小组服务", "不少于4个"], ["社区活动", "不少于12场"]]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "采购人：        锦河县民政局\n地址：        人民路8号\n电话：        0832-1234567",
        "甲方（盖章）：        乙方（盖章）：\n负责人：          负责人：\n2026年1月   2026年1月",
        "第一章　总则\n第二章　服务要求\n第三章　考核",
        "1.  开展探访10户；\n2.  开展讲座4场；\n3.  培育队伍2支。",
        "（一）　开展探访10户\n（二）　开展讲座4场",
        "　　本项目服务五里社区，全年开展活动10场。\n　　每场不少于30人。",
        "1.\t开展探访10户；\n2.\t开展讲座4场；",
        "项目名称\t五里社区社会工作服务",
        "讲座 4 场，探访 80 人次，\n小组 2 个。",
        "服务内容\n服务标准\n本项目按照国家标准执行，服务质量符合规范。\n由采购人考核。",
    ],
)
def test_prose_and_forms_are_no_tables(text: str) -> None:
    assert all(isinstance(block, str) for block in read(text))


def test_no_word_of_a_list_with_blanks_is_lost() -> None:
    assert read("1.  开展探访10户；\n2.\t开展讲座4场；") == [
        "1.  开展探访10户；",
        "2. 开展讲座4场；",
    ]


GRID = """\
+----------+------------+--------------+
| 类别     | 项目       | 指标         |
+==========+============+==============+
| 困难     | 入户       | 全年不少于   |
| 帮扶     | 探访       | 240户次      |
+----------+------------+--------------+
|          | 个案       | 1.个案5个；  |
|          |            | 2.评估10份   |
+----------+------------+--------------+"""


def test_a_rule_below_each_row_shows_where_it_ends() -> None:
    assert read(GRID) == [
        [
            ["类别", "项目", "指标"],
            ["困难帮扶", "入户探访", "全年不少于240户次"],
            ["", "个案", "1.个案5个；\n2.评估10份"],
        ]
    ]


def test_rules_only_around_the_table() -> None:
    text = "+---+---+\n| 类别 | 指标 |\n+---+---+\n| 甲 | 2场 |\n| 乙 | 3场 |\n+---+---+"
    assert read(text) == [[["类别", "指标"], ["甲", "2场"], ["乙", "3场"]]]


# -- one cell a line -------------------------------------------------------------------------------


def stacked(table: list[list[str]], blank: str = "\n") -> str:
    return blank.join(cell for row in table for cell in row)


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_one_cell_a_line(blank: str) -> None:
    assert read(f"五里社区\n{stacked(TABLE, blank)}") == ["五里社区", TABLE]


def test_what_follows_is_no_part_of_it() -> None:
    text = f"{stacked(TABLE)}\n三、付款方式\n合同签订后支付50%，验收后支付50%。"
    assert read(text) == [TABLE, "三、付款方式", "合同签订后支付50%，验收后支付50%。"]


def test_more_columns() -> None:
    table = [
        ["序号", "服务项目", "服务内容", "单位", "数量", "备注"],
        ["1", "为老服务", "生日会", "场", "12", "每月1场"],
        ["2", "为老服务", "探访", "人次", "500", "独居老人优先"],
        ["3", "为小服务", "托管", "课时", "120", "寒暑假"],
    ]
    assert read(stacked(table)) == [table]


def test_rows_that_a_number_begins_may_have_cells_of_several_lines() -> None:
    text = """序号\n服务类别\n服务内容\n考核指标
1\n困难帮扶\n走访与个案\n1.走访200户；\n2.个案5个。
2\n社区融合\n邻里活动\n全年10场\n3\n志愿服务\n队伍2支"""
    assert read(text) == [
        [
            ["序号", "服务类别", "服务内容", "考核指标"],
            ["1", "困难帮扶", "走访与个案", "1.走访200户；\n2.个案5个。"],
            ["2", "社区融合", "邻里活动", "全年10场"],
            ["3", "", "志愿服务", "队伍2支"],
        ]
    ]


def test_a_cell_with_several_clauses_and_a_merged_category() -> None:
    text = """服务类别\n服务项目\n服务要求
困难帮扶\n走访\n1.走访200户；\n2.建档80份；
个案\n个案服务不少于5个
社区融合\n活动\n活动10场，\n每场30人\n本表由采购人解释。"""
    assert read(text) == [
        [
            ["服务类别", "服务项目", "服务要求"],
            ["困难帮扶", "走访", "1.走访200户；\n2.建档80份；"],
            ["", "个案", "个案服务不少于5个"],
            ["社区融合", "活动", "活动10场，\n每场30人"],
        ],
        "本表由采购人解释。",
    ]


def test_two_tables_one_below_the_other() -> None:
    assert read(f"{stacked(TABLE)}\n{stacked(TABLE)}") == [TABLE, TABLE]
