"""Clauses of further kinds, each with the reading that a person expects, as in clause_samples.

What is no target must not become one; its number must stand in the report with a reason.
"""

from __future__ import annotations

import re

import pytest

from sgtrack.tender.clause_numbers import find_numbers, normalize
from sgtrack.tender.clause_reader import read_clause

from .scoring import strict_amounts
from .test_clause_samples import PERIOD, notes_of

EXISTING = [
    ("服务区域为南湖街道9个社区，服务人口约5.2万人", ""),
    ("东河镇辖14个行政村、2个社区，常住人口3万人，其中65岁以上老年人4100人", ""),
    ("站点设有阅览角、棋牌室等6个功能区，举办读书会8次", "total 次 8"),
    ("对现有志愿者队伍开展培训4次", "total 次 4"),
    ("面向失独、低保、残疾等4类家庭开展走访，全年300户次", "total 户次 300"),
    ("开展安全、环保等5类主题宣传活动10场", "total 场 10"),
    ("在2所小学举办防溺水讲座4场", "total 场 4"),
    ("在辖区3所中学各举办1场生涯讲座", "total 场 3"),
    ("消防宣传：9场（9个村（社区）各1场）", "total 场 9"),
    ("每季度1个主题，开展读书活动6场", "total 场 6"),
    ("浏览次数：826次 发布日期：2026-02-11", ""),
]
STAFF = [
    ("由乙方派驻的2名社工完成以上服务", ""),
    ("服务由不少于4名工作人员完成，其中社工师2名", ""),
    ("项目负责人1人，专职社工不少于2人，志愿者若干", ""),
    ("每个服务点配备1名社工，全年开展活动10场", "total 场 10"),
    ("成立由7名居民组成的议事会，议事6次", "total 次 6"),
    ("采购人提供办公用房1间、活动场地3处，供应商负责维护", ""),
    ("甲方每半年组织考核1次", ""),
    ("采购人负责协调场地，供应商每月开展活动2场", "monthly 场 2"),
    ("向采购人提交月度小结12份", "total 份 12"),
    ("每少完成1场扣1分，讲座不少于6场", "total 场 6"),
    ("每次活动结束后5日内提交小结1份、照片不少于3张", ""),
]
DIVIDED_LISTS = [
    (
        "春节、元宵、中秋3个传统节日各举办联欢1场，每场60人",
        "total 场 1 [each 人 60], total 场 1 [each 人 60], total 场 1 [each 人 60]",
    ),
    ("“4·15”“12·4”宣传活动各2次", "total 次 2, total 次 2"),
    ("半年及年度总结各1份", "total 份 1, total 份 1"),
    ("每年3月、9月各开展1次问卷调查", "yearly 次 2"),
    (
        "开展书画、摄影、手工三类展览，每类不少于2场",
        "total 场 2, total 场 2, total 场 2",
    ),
    (
        "普法、禁毒活动，每类3场，每场40人",
        "total 场 3 [each 人 40], total 场 3 [each 人 40]",
    ),
    (
        "开展亲子、助老、环保三类活动，每类不少于2场，全年不少于9场",
        "total 场 9, total 场 2 [part], total 场 2 [part], total 场 2 [part]",
    ),
    ("讲座不少于20场，每类不少于2场", "total 场 20"),
    (
        "大型活动2场、小型活动8场，参与人数分别不少于200人、30人",
        "total 场 2 [each 人 200], total 场 8 [each 人 30]",
    ),
    (
        "讲座4场、义诊3场、集市2场，每场人数分别不少于30人、40人、50人",
        "total 场 4 [each 人 30], total 场 3 [each 人 40], total 场 2 [each 人 50]",
    ),
    (
        "植树节、端午节、国庆节活动各1场，参加人数分别为30人、60人、90人",
        "total 场 1 [each 人 30], total 场 1 [each 人 60], total 场 1 [each 人 90]",
    ),
]
DAYS = [
    ("托管班开课120天，每天不少于25人", "total 天 120 [each 人 25]"),
    ("暑期课堂：30天（每天不少于3小时）", "total 天 30 [each 小时 3]"),
    ("日间照料不少于240天，每天服务老人不少于12人", "total 天 240 [each 人 12]"),
    ("研学营2期，为期5天，每期30人", "total 期 2 [each 人 30; each 天 5]"),
    ("社区文化周1次，持续7天", "total 次 1 [each 天 7]"),
    ("冬令营1期，历时6天，25名儿童参加", "total 期 1 [each 人 25; each 天 6]"),
    ("邻里运动会1场，不少于200人参与", "total 场 1 [each 人 200]"),
    ("百家宴1场，吸引居民300人以上参加", "total 场 1 [each 人 300]"),
    ("夏令营1期，参加儿童不少于30名", "total 期 1, total 名 30"),
    ("每周一至周五开展课后辅导", ""),
    ("每周二至周六上门助餐1次", "total 次 260"),
    ("周一至周五每天开放8小时，接待800人次", "total 人次 800"),
]
LENGTHS = [
    ("短视频8条，每条不少于45秒", "total 条 8"),
    ("宣传片1部，时长3—5分钟", "total 部 1"),
    ("微电影2部（时长不少于8分钟）", "total 部 2"),
    ("编印办事一本通800册", "total 册 800"),
    ("推广一网通办，开展培训5次", "total 次 5"),
    ("发放惠民一卡通600张", "total 张 600"),
]
CLASSES = [
    ("兴趣班4个班，每班20人", "total 个 4 [each 人 20]"),
    ("康复训练营3个班，每班6次，每次1小时", "total 个 3 [each 小时 1; sessions 6]"),
    ("晚托课堂60课时，每班不少于18人", "total 课时 60 [each 人 18]"),
    ("开设课程3门，每门课程不少于10课时", "total 个 3 [each 课时 10]"),
    ("育儿小组1个，共8次", "total 个 1 [sessions 8]"),
    ("女性成长小组1个，共5节，每节10人", "total 个 1 [each 人 10; sessions 5]"),
    ("减压小组1个，合计6次", "total 个 1 [sessions 6]"),
    (
        "寒暑假各开展1期夏（冬）令营，每期不少于6天，每期30人",
        "total 期 1 [each 人 30; each 天 6], total 期 1 [each 人 30; each 天 6]",
    ),
]
DUE = [
    ("工作动态12期，每月20日前报送", "total 期 12 [due 20], monthly 期 1"),
    ("月报12份（每月8日前提交）", "total 份 12 [due 8], monthly 份 1"),
    ("简报12期，每月15日前完成", "total 期 12 [due 15], monthly 期 1"),
    ("独居老人每周电话问候：全年2600人次", "total 人次 2600"),
    ("每月集中宣传：全年1200份", "total 份 1200"),
    ("每季度义诊：全年8场", "total 场 8"),
    ("每周为40名失能老人助浴1次", "total 次 52"),
    ("每月给60户困难家庭送餐2次", "monthly 次 2"),
    ("为30户家庭提供居家改造，每户不少于4项", "total 户 30"),
]
LATER = [
    ("亲子夏令营1期（6天，30名儿童）", "total 期 1 [each 天 6], total 名 30"),
    ("邻里节1场（2天）", "total 场 1 [each 天 2]"),
    ("研学4次（1天）", "total 次 4 [each 天 1]"),
    ("个案12例，每例不少于5次、时长合计不少于5小时", "total 例 12 [each 小时 5; sessions 5]"),
    ("个案9例，每例会谈不少于4次，累计服务300小时", "total 例 9 [sessions 4], total 小时 300"),
    ("帮教个案8例，每例面谈6次、共计不少于8小时", "total 例 8 [each 小时 8; sessions 6]"),
    ("儿童之家每周不少于4天", ""),
    ("每月驻点不少于20天，走访90户次", "total 户次 90"),
    ("站点每周开放6天", ""),
    ("擅自更换人员1人次扣2分", ""),
    ("居民投诉查实1起扣5分", ""),
    ("年终考核各1次，讲座5场", "total 场 5"),
    ("街道每季度检查1次", ""),
    ("服务站每月听取1次工作汇报", ""),
    ("街道将对项目验收2次", ""),
    ("每名学生每学期家访2次", ""),
    ("每学期不少于40次，全年不少于80次", "total 次 80"),
    ("每个学期开展班会4次", ""),
    ("个案10例，每例形成结案报告1份，共10份", "total 例 10, total 份 10"),
    ("小组4个，每个小组形成总结1份，共4份", "total 个 4, total 份 4"),
    ("活动6场，每场提交简报1份，合计6份", "total 场 6, total 份 6"),
    ("推文2篇（每月2篇）", "monthly 篇 2"),
    ("家访3次（每月3次）", "monthly 次 3"),
    ("沙龙1场（每季度1场）", "quarterly 场 1"),
    ("宣传4场（发放折页3000份）（每季度1场）", "total 场 4, quarterly 场 1, total 份 3000"),
    ("大型宣传1场，参与群众不少于400人", "total 场 1, total 人 400"),
    (
        "每月宣传1场，助残日主题宣传1场，参与居民不少于300人",
        "monthly 场 1, total 场 1, total 人 300",
    ),
    ("运动会1场（不少于90人参加）", "total 场 1 [each 人 90]"),
    ("接听热线不少于500通", "total 次 500"),
    ("回访电话120通", "total 次 120"),
    ("关爱电话每月30通", "monthly 次 30"),
    ("护理培训4期，每期20学时，取得证书不少于50人", "total 期 4 [each 学时 20], total 人 50"),
    ("技能班3期，每期5天，合格不少于60人", "total 期 3 [each 天 5], total 人 60"),
    ("创业班2期，每期4天，成功就业12人", "total 期 2 [each 天 4], total 人 12"),
    ("在18个村均开展不少于1场义诊，全年共不少于24场", "total 场 24"),
    ("防诈宣传8场，每个站点1场", "total 场 8"),
    ("在6个社区均举办2场讲座", "total 场 12"),
    ("研修4期共8天", "total 期 4, total 天 8"),
    ("外出4次（每次不少于20人，配备安全员2名）", "total 次 4 [each 人 20]"),
    (
        "剪纸类、茶艺类、园艺类小组各2个，共6个，每个小组不少于5次",
        "total 个 6 [sessions 5], total 个 2 [part], total 个 2 [part], total 个 2 [part]",
    ),
]
NUMBERS = ["联系电话：0771-6512345", "配比不低于1:200", "咨询0539-8220000，工时比1:350"]
REASONS = [
    ("站点设有阅览角、棋牌室等6个功能区，举办读书会8次", "现有的数"),
    ("采购人提供办公用房1间、活动场地3处，供应商负责维护", "采购人的事"),
    ("每次活动结束后5日内提交小结1份、照片不少于3张", "每次活动以后"),
    ("服务由不少于4名工作人员完成，其中社工师2名", "人员配备"),
    ("宣传片1部，时长3—5分钟", "成品的长短"),
    ("付款比例为50%、30%、20%", "付款"),
    ("投诉率控制在2%以内", "上限"),
    ("每周一至周五开展课后辅导", "没有写次数"),
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [*EXISTING, *STAFF, *DIVIDED_LISTS, *DAYS, *LENGTHS, *CLASSES, *DUE, *LATER],
)
def test_amounts_and_their_conditions(text: str, wanted: str) -> None:
    expected = sorted(part.strip() for part in wanted.split(",") if part.strip())
    assert sorted(strict_amounts(read_clause(text, PERIOD, "").items).elements()) == expected


@pytest.mark.parametrize(("text", "reason"), REASONS)
def test_what_is_no_target_is_reported_with_its_reason(text: str, reason: str) -> None:
    assert reason in notes_of(read_clause(text, PERIOD, ""))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("服务对象满意度：0.95", "服务对象满意度95%"),
        ("政策知晓率≥0.9", "政策知晓率90%"),
        ("结案率目标值为0.85", "结案率目标值85%"),
    ],
)
def test_a_share_of_a_sheet_is_a_percentage(text: str, name: str) -> None:
    item = read_clause(text, PERIOD, "").items[0]
    assert (item.name, item.measured) == (name, True)


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ("插花小组、陶艺小组", "各2个，每个小组6节"),
        ("母亲节、父亲节", "各举办感恩活动1场"),
        ("讲座、沙龙", "各5场"),
    ],
)
def test_each_divides_the_list_of_the_topic(about: str, text: str) -> None:
    assert len(read_clause(text, PERIOD, about).items) == 2


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_reported_as_a_whole(text: str) -> None:
    text = normalize(text)
    covered = {n for r in find_numbers(text) for n in range(r.start, r.end)}
    assert all(m.start() in covered for m in re.finditer(r"\d", text))
    words = " ".join(number.words for number in find_numbers(text))
    assert sorted(re.findall(r"\d+", words)) == sorted(re.findall(r"\d+", text))
