"""Which lines of a text become clauses, whatever heading they stand under."""

from __future__ import annotations

import pytest

from sgtrack.tender.contract_draft import ContractDraft
from sgtrack.tender.documents import read_content
from sgtrack.tender.draft_builder import build_drafts
from sgtrack.tender.draft_writer import to_yaml

from .scoring import TODAY, strict_amounts

SIBLINGS = [
    (
        "一、服务要求\n1.服务标准：\n（1）个案不少于12例。\n（2）小组不少于4个。\n2.社区活动每月不少于2场。",
        "total 例 12, total 个 4, monthly 场 2",
    ),
    (
        "1.服务标准：（1）个案不少于12例；（2）小组不少于4个。\n2.社区活动每月不少于2场。",
        "total 例 12, total 个 4, monthly 场 2",
    ),
    (
        "（一）考核指标\n1.走访200户\n2.慰问60户\n（二）宣传活动每季度1场\n（三）培训骨干30名",
        "total 户 200, total 户 60, quarterly 场 1, total 名 30",
    ),
    (
        "四、项目内容\n4.1 量化指标\n4.1.1 讲座6场\n4.1.2 沙龙4场\n4.2 出板报不少于20期\n"
        "4.3 热线咨询300人次",
        "total 场 6, total 场 4, total 期 20, total 人次 300",
    ),
    (
        "第一条 服务内容：探访500人次。\n（1）个案8例\n（2）小组3个\n第二条 志愿活动12场",
        "total 人次 500, total 例 8, total 个 3, total 场 12",
    ),
]
STAFF = [
    (
        "一、服务内容\n1.个案服务10例\n2.社区活动8场\n二、人员要求\n1.配备专职社工3名，其中持证2名。\n"
        "2.每月督导不少于2次。\n3.社工每人每年培训48学时。\n三、付款方式\n1.分3次支付。",
        "total 例 10, total 场 8, monthly 次 2, per_person 学时 48",
    ),
    (
        "一、工作任务\n1.讲座12场\n2.探访800人次\n二、团队配备\n社工4名，督导1名，项目主管须有3年以上工作经验。\n"
        "督导每季度不少于1次，全员业务学习不少于6次。",
        "total 场 12, total 人次 800, quarterly 次 1, total 次 6",
    ),
    (
        "三、服务指标\n1.义诊4次\n2.助浴100人次\n四、人员管理\n（1）社工2名以上。\n"
        "（2）组织团队建设4次。\n（3）社工每人每年参加培训不少于20学时。",
        "total 次 4, total 人次 100, total 次 4, per_person 学时 20",
    ),
    (
        "一、服务内容\n1.座谈会6场\n2.走访90户次\n二、人员保障\n持证社工5名，聘请督导开展督导12次，每次2小时。",
        "total 场 6, total 户次 90, total 次 12 [each 小时 2]",
    ),
]
GOALS = [
    (
        "一、总体目标\n全年开展社区活动不少于20场，服务居民3000人次。\n二、服务对象\n辖区居民约5600人。\n"
        "三、服务期限\n1年。",
        "total 场 20, total 人次 3000",
    ),
    (
        "一、项目目标\n1.建立档案150份。\n2.探访900人次。\n二、服务地点\n梅花镇12个村。\n三、付款方式\n分2次付清。",
        "total 份 150, total 人次 900",
    ),
    (
        "一、工作目标\n年服务群众不少于2000人次。\n二、具体任务\n1.讲座10场\n2.个案6例\n三、违约责任\n"
        "每少1场扣200元。",
        "total 人次 2000, total 场 10, total 例 6",
    ),
    (
        "项目背景\n现有老人2300名，2025年开展活动40场。\n服务目标\n开展助餐1200人次，组织生日会12场。\n"
        "资格要求\n近三年承接过类似项目2个以上。",
        "total 人次 1200, total 场 12",
    ),
]
ELSEWHERE = [
    (
        "一、服务内容\n1.个案10例\n2.小组5个\n二、其他要求\n1.每月召开例会1次。\n2.接受采购人监督。",
        "total 例 10, total 个 5, monthly 次 1",
    ),
    (
        "一、具体工作\n1.走访100户\n2.讲座6场\n二、宣传报道\n公众号推文不少于24篇。\n三、投标文件\n正本1份，副本4份。",
        "total 户 100, total 场 6, total 篇 24",
    ),
    (
        "一、服务指标\n1.个案3例\n2.慰问30户\n二、保障措施\n组织安全演练不少于2次。\n三、评分标准\n"
        "每提供1个案例得2分。",
        "total 例 3, total 户 30, total 次 2",
    ),
    (
        "一、服务内容\n1.服务期限：2年\n2.服务地点：4个社区\n3.探访300户次\n4.付款方式：分2次支付\n5.培训4次",
        "total 户次 300, total 次 4",
    ),
]


def draft_of(text: str) -> ContractDraft:
    (draft,) = build_drafts(read_content(text.encode(), "x.txt"), TODAY)
    return draft


@pytest.mark.parametrize(("text", "wanted"), [*SIBLINGS, *STAFF, *GOALS, *ELSEWHERE])
def test_no_heading_hides_a_service(text: str, wanted: str) -> None:
    expected = sorted(part.strip() for part in wanted.split(","))
    items = [item for clause in draft_of(text).clauses for item in clause.reading.items]
    assert sorted(strict_amounts(items).elements()) == expected


def test_a_clause_outside_the_sections_of_services_is_marked() -> None:
    draft = draft_of(STAFF[0][0])
    marked = [c.clause.text for c in draft.clauses if any("人员要求" in n for n in c.notes)]
    assert marked == ["每月督导不少于2次。", "社工每人每年培训48学时。"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (STAFF[0][0], "配备专职社工3名，其中持证2名。"),
        (STAFF[2][0], "社工2名以上。"),
        ("一、服务内容\n1.个案10例\n2.配备社工4名\n3.讲座6场", "配备社工4名"),
        ("服务内容：\n1.讲座6场\n2.项目负责人1名，督导1名。", "项目负责人1名，督导1名。"),
    ],
)
def test_required_staff_is_always_a_remark_in_the_file(text: str, line: str) -> None:
    assert f"# 没有写成指标：{line}（“" in to_yaml(draft_of(text))


@pytest.mark.parametrize(
    "line",
    ["服务期限：12个月", "付款方式：分3次支付", "每人每日接待不超过6名", "求助后30分钟内响应"],
)
def test_what_is_no_indicator_becomes_no_item(line: str) -> None:
    draft = draft_of(f"服务内容\n1.讲座6场\n2.{line}\n3.个案4例")
    items = [item for clause in draft.clauses for item in clause.reading.items]
    assert len(items) == 2
    assert any(line in shown for shown, _ in draft.outside)


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (
            [
                ("服务领域", "服务项目", "服务要求", "数量"),
                ("社会救助", "政策宣讲", "进村入户", "12场"),
                ("社会救助", "困难走访", "", "60户次"),
            ],
            ["政策宣讲", "困难走访"],
        ),
        (
            [
                ("项目类别", "服务名称", "服务指标"),
                ("为老", "健康讲座", "每月1场"),
                ("为老", "助浴", "80人次"),
            ],
            ["健康讲座", "助浴"],
        ),
        (
            [
                ("序号", "板块", "服务类型", "量化指标"),
                ("1", "儿童", "成长小组", "3个，每个不少于6节"),
                ("2", "儿童", "儿童讲座", "8场"),
            ],
            ["成长小组", "儿童讲座"],
        ),
        (
            [
                ("类别", "项目名称", "单位", "数量"),
                ("宣传", "推文", "篇", "24"),
                ("宣传", "短视频", "条", "6"),
            ],
            ["推文", "短视频"],
        ),
    ],
)
def test_the_first_column_does_not_prefix_the_names(
    rows: list[tuple[str, ...]], names: list[str]
) -> None:
    draft = draft_of("\n".join("\t".join(row) for row in rows))
    items = [item.name for clause in draft.clauses for item in clause.reading.items]
    assert items == names
    assert len(draft.categories) == 1


def test_a_number_and_a_blank_before_a_heading_are_a_mark() -> None:
    text = "1 基本情况\n1.1 服务期限：1年\n2 服务指标\n2.1 讲座6场\n3 人员要求\n3.1 每月督导2次"
    draft = draft_of(text)
    assert [category.category.name for category in draft.categories] == ["服务指标", "人员要求"]


def test_a_star_before_a_line_is_no_parent_of_the_sections_after_it() -> None:
    text = "★服务期：一年\n1 为老服务\n1.1 讲座6场\n2 为小服务\n2.1 小组3个"
    assert [c.clause.text for c in draft_of(text).clauses] == ["讲座6场", "小组3个"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("走访服务对象200户", "total 户 200"),
        ("开展社保政策宣讲4场", "total 场 4"),
        ("举办工作经验交流会2次", "total 次 2"),
        ("召开居民磋商会6次", "total 次 6"),
        ("服务对象不少于300人次", "total 人次 300"),
        ("服务时间不少于1000小时", "total 小时 1000"),
        ("服务期内开展活动10场", "total 场 10"),
    ],
)
def test_a_service_is_not_taken_for_a_fact_or_a_rule(line: str, wanted: str) -> None:
    draft = draft_of(f"服务内容\n1.讲座3场\n2.{line}")
    items = [item for clause in draft.clauses for item in clause.reading.items]
    assert sorted(strict_amounts(items).elements()) == sorted(["total 场 3", wanted])


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (
            "类别\t服务内容\t指标\t单位\t质量要求\n助老\t助浴服务\t120\t人次\t记录完整\n"
            "助老\t健康义诊\t4\t场\t每场不少于30人\n助残\t辅具租借\t30\t件\t登记在册",
            "total 人次 120, total 场 4 [each 人 30], total 件 30",
        ),
        (
            "项目\t任务\t年度目标\t说明\n关爱\t困境儿童每月走访\t960人次\t建档\n"
            "关爱\t亲子活动\t8场\t每场不少于20人\n培训\t骨干研修\t3期\t每期2天",
            "total 人次 960, total 场 8 [each 人 20], total 期 3 [each 天 2]",
        ),
        (
            "板块\t工作要求\t目标\n禁毒\t进校宣讲\t6场\n禁毒\t尿检陪同\t200人次\n社区\t议事会\t12次",
            "total 场 6, total 人次 200, total 次 12",
        ),
    ],
)
def test_a_column_of_bare_numbers_is_one_of_amounts(table: str, wanted: str) -> None:
    draft = draft_of(table)
    items = [item for clause in draft.clauses for item in clause.reading.items]
    assert list(strict_amounts(items)) == wanted.split(", ")
