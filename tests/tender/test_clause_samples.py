"""Clauses of one kind each, with the reading that a person expects.

``total 场 5 [each 人 50; part]`` is an amount with the conditions of its item. A clause without
amounts has the reading "". Milestones are not compared here.
"""

from __future__ import annotations

import pytest

from sgtrack.model.contract import Period
from sgtrack.tender.clause_proposals import ClauseReading
from sgtrack.tender.clause_reader import read_clause

from .scoring import TODAY, strict_amounts

PERIOD = Period(TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31))

TOTALS = [
    ("培训班10期，每期40人，共计400人", "total 期 10 [each 人 40], total 人 400"),
    ("组织外出研学4次，每次30人，合计120人次", "total 次 4 [each 人 30], total 人次 120"),
    (
        "开展讲座6场，每场不少于50人，累计参加不少于300人次",
        "total 场 6 [each 人 50], total 人次 300",
    ),
    ("亲子营3期，每期20户家庭，总参与不少于60户", "total 期 3 [each 户 20], total 户 60"),
    ("社工督导每次2学时，全年累计24学时", "total 学时 24 [each 学时 2]"),
    ("志愿服务培训每期3课时，全年共计18课时", "total 课时 18 [each 课时 3]"),
    ("开展心理辅导，每次不少于1小时，全年总时长不少于60小时", "total 小时 60 [each 小时 1]"),
    ("每次督导2小时，年度总量36小时", "total 小时 36 [each 小时 2]"),
    ("村干部培训3期，每期不少于1天，培训人数不少于180人", "total 期 3 [each 天 1], total 人 180"),
    ("举办骨干训练营2期，每期3天，结业学员不少于60名", "total 期 2 [each 天 3], total 名 60"),
    ("家长课堂8次，每次2小时，受益家长不少于160人次", "total 次 8 [each 小时 2], total 人次 160"),
    ("红色观影12场，每场2小时，服务群众人数600人", "total 场 12 [each 小时 2], total 人 600"),
    (
        "每支志愿队每季度开展1次活动，志愿服务时长不少于1500小时",
        "quarterly 次 1, total 小时 1500",
    ),
    ("每支队伍每月活动1次，注册志愿者不少于100名", "monthly 次 1, total 名 100"),
    ("每个网格每季度召开1次恳谈会，收集意见建议不少于200条", "quarterly 次 1, total 条 200"),
    ("每个社区每月开展1次议事会，参与居民累计不少于800人次", "monthly 次 1, total 人次 800"),
    (
        "春节、中秋慰问活动各不少于5场，每场50人以上，共计不少于10场",
        "total 场 10 [each 人 50], total 场 5 [part], total 场 5 [part]",
    ),
    (
        "进校园、进企业宣讲各3场以上，每场80人以上，合计不少于6场",
        "total 场 6 [each 人 80], total 场 3 [part], total 场 3 [part]",
    ),
    (
        "防火、防汛演练各2次，每次不少于100人，共4次",
        "total 次 4 [each 人 100], total 次 2 [part], total 次 2 [part]",
    ),
    (
        "青年、长者志愿队各组建2支，每支不少于15人，共计4支",
        "total 支 4 [each 人 15], total 支 2 [part], total 支 2 [part]",
    ),
]
PARTS = [
    (
        "开展走访100户，其中低保户30户；开展宣传活动5场",
        "total 户 100, total 户 30 [part], total 场 5",
    ),
    ("发表稿件20篇，其中市级5篇；拍摄短视频4条", "total 篇 20, total 篇 5 [part], total 条 4"),
    (
        "建档200份，其中重点人群档案60份；更新旧档案100份",
        "total 份 200, total 份 60 [part], total 份 100",
    ),
    (
        "个案12例（其中危机个案2例）；小组4个，其中老年小组2个；社区活动10场",
        "total 例 12, total 例 2 [part], total 个 4, total 个 2 [part], total 场 10",
    ),
    (
        "社区活动24场，其中：大型活动2场；节日活动6场；服务居民1000人次",
        "total 场 24, total 场 2 [part], total 场 6 [part], total 人次 1000",
    ),
]
NO_TOTALS = [
    ("服务期限：12个月", ""),
    ("合同履行期限为3年", ""),
    ("付款方式：分3次支付，每次支付三分之一", ""),
    ("投标人近三年承接过同类项目不少于2个", ""),
    ("每人每日接待服务对象不超过6名", ""),
    ("小组人数不超过15人", ""),
    ("围绕“三个转变”开展宣讲6场", "total 场 6"),
    ("依托4个特色U站开展志愿服务20场", "total 场 20"),
    ("聚焦“五个一”工程，举办活动8场", "total 场 8"),
    ("按照“六有标准”建设，做到“3+2”服务，开展培训2次", "total 次 2"),
    ("配备专职社工4名，其中持证2名", ""),
    ("社工4名、督导1名", ""),
    ("慰问环卫人员50人", "total 人 50"),
    ("组织社工30名外出学习", "total 名 30"),
    ("评选优秀社工10名", "total 名 10"),
    ("人员培训：培训社区骨干20人", "total 人 20"),
    ("项目团队由5人组成，其中项目负责人1名", ""),
    ("须有2名以上心理咨询师驻站服务", ""),
    ("接到求助后30分钟内响应，24小时内上门", ""),
    ("紧急事件2小时内到达现场处理", ""),
    ("一般诉求3个工作日内答复，投诉1个工作日内办结", ""),
    ("突发情况须在15分钟以内上报", ""),
    ("每15天巡查1次", ""),
    ("每2小时巡视一次", ""),
    ("日均服务20人次", ""),
    ("每10天上门1次，开展探访600人次", "total 人次 600"),
    ("九成以上居民满意", ""),
    ("档案完整率达到百分之百", ""),
    ("群众满意度不低于百分之九十五", ""),
    ("八成居民知晓政策，发放折页500份", "total 份 500"),
    ("开展讲座以及沙龙共4个主题6场", "total 场 6"),
    ("组织节庆以及4个小区联谊活动6场", "total 场 6"),
]
SHARED = [
    ("讲座6场、沙龙4场，每场不少于30人", "total 场 6 [each 人 30], total 场 4 [each 人 30]"),
    (
        "培训班4期、联谊会2场，每期（场）不少于30人",
        "total 期 4 [each 人 30], total 场 2 [each 人 30]",
    ),
    ("个案5例、小组3个，每个小组不少于6节", "total 例 5, total 个 3 [sessions 6]"),
    ("讲座6场，个案5例，每场讲座不少于40人", "total 场 6 [each 人 40], total 例 5"),
    (
        "个案15例，其中深度辅导5例，深度辅导每例不少于10次",
        "total 例 15, total 例 5 [part; sessions 10]",
    ),
    ("个案12例，其中危机个案2例，每例不少于5次", "total 例 12 [sessions 5], total 例 2 [part]"),
    ("活动24场，其中大型活动2场，每场300人以上", "total 场 24, total 场 2 [each 人 300; part]"),
    ("元旦、端午各举办1场联欢，每场60人", "total 场 1 [each 人 60], total 场 1 [each 人 60]"),
]
BRACKETS = [
    ("媒体报道10篇（市级2篇）", "total 篇 10, total 篇 2 [part]"),
    ("档案300份（重点对象80份）", "total 份 300, total 份 80 [part]"),
    (
        "走访600户次（残疾人家庭120户次、低保家庭200户次）",
        "total 户次 600, total 户次 120 [part], total 户次 200 [part]",
    ),
    ("表彰志愿者2次（不少于20人）", "total 次 2 [each 人 20]"),
    ("小组4个（每个6节）", "total 个 4 [sessions 6]"),
    ("议事会4次（每季度1次）", "total 次 4, quarterly 次 1"),
]
SERVED = [
    ("为50名老人每月探访2次", "monthly 次 2"),
    ("对30户重点家庭每季度走访1次", "quarterly 次 1"),
    ("给25名困境儿童开展辅导，每人每月不少于1次", "per_person 次 12"),
    ("为20户重点家庭提供一对一帮扶", "total 户 20"),
    ("组织生日会4次，赠送礼品每人1份", "total 次 4"),
]
DIVIDED = [
    ("宣传11场，每村1场", "total 场 11"),
    ("讲座24场，各社区2场，每场50人", "total 场 24 [each 人 50]"),
    ("每村2场，共计24场", "total 场 24"),
    ("培训4期，20人/期，2天/期", "total 期 4 [each 人 20; each 天 2]"),
]
RULES = [
    ("走访300户次得10分，每少1户次扣0.1分", "total 户次 300"),
    ("开展小组4个，每组6节，少1个扣2分", "total 个 4 [sessions 6]"),
    ("报道6篇，每增加1篇加1分", "total 篇 6"),
    ("讲座8场，缺1场扣减3分", "total 场 8"),
    ("驻村点每周开放不少于3天，每天不少于4小时", ""),
    ("社工每周到岗5天，开展走访60户次", "total 户次 60"),
    ("儿童之家周末开放，每日值班6小时，服务儿童200人次", "total 人次 200"),
    ("夜校每周二、周四晚各开课1节，全年不少于80节", "total 节 80"),
    ("每周三下午开展义诊1次", "total 次 52"),
    ("每周一、三、五开放图书室，借阅不少于500人次", "total 人次 500"),
    (
        "每名社工全年培训不少于60学时，其中督导不少于24学时",
        "per_person 学时 60, per_person 学时 24 [part]",
    ),
    ("中期、末期各接受评估1次", ""),
    ("按季度支付，每季度支付25%", ""),
    ("项目经费十二万元，分三期拨付", ""),
    ("每月组织清洁日1次，动员志愿者20人次", "monthly 次 1, monthly 人次 20"),
]
PAIRED = [
    ("助洁、助浴分别不少于600人次、200人次", "total 人次 600, total 人次 200"),
    ("讲座、沙龙、义诊分别开展6场、4场、2场", "total 场 6, total 场 4, total 场 2"),
    ("低保户、特困户分别走访30户、20户", "total 户 30, total 户 20"),
    ("春节、重阳分别举办1场", "total 场 1, total 场 1"),
    ("大型活动（100人以上）不少于4场", "total 场 4 [each 人 100]"),
    ("讲座（每月1场，每场30人）、体检（每年1次）", "monthly 场 1 [each 人 30], yearly 次 1"),
    ("深入20个村开展督导，每村不少于2次，累计不少于40次", "total 次 40"),
    ("考察2批次，每批次20人，时间各3天", "total 批次 2 [each 人 20; each 天 3]"),
]
APART = [
    ("阅读48次，服务720人次（每次15人以上）", "total 次 48 [each 人 15], total 人次 720"),
    (
        "团辅20场次（每场次不少于15人），辅导200人次（每次不少于50分钟）",
        "total 场次 20 [each 人 15], total 人次 200 [each 小时 0.83]",
    ),
    (
        "游览2次、沙龙10次。游览每次不少于40人，其他活动每次不少于15人",
        "total 次 2 [each 人 40], total 次 10 [each 人 15]",
    ),
    ("高风险个案30例，每例服务不少于3个月、服务次数不少于8次", "total 例 30 [sessions 8]"),
    ("对134名儿童主任开展轮训，全年举办培训4期", "total 期 4"),
    ("为68户家庭建档，每户每年走访2次", "per_person 次 2"),
    ("每户每月电话联系2次，每两个月入户探访1次", "per_person 次 24, per_person 次 6"),
    ("每名社工每年培训48学时，每月督导1次", "per_person 学时 48, monthly 次 1"),
    ("亲子营4期，服务160人次（每期2天）", "total 期 4 [each 天 2], total 人次 160"),
]
MARKED = [
    "组织社区活动2场，每场不少于5000人，服务300人次",
    "开展讲座10场，每场100人，累计服务80人次",
    "督导每次6小时，全年累计4小时",
    "亲子营3期，每期60户，共计40户",
]
REMARKS = [
    ("每15天巡查1次", "15天"),
    ("每2小时巡视一次", "2小时"),
    ("日均服务20人次", "20人次"),
    ("九成以上居民满意", "九成"),
    ("档案完整率达到百分之百", "百分之百"),
    ("社工4名、督导1名", "4名"),
    ("配备专职社工4名", "4名"),
    ("6月30日前完成走访200户", "2026-06-30"),
    ("2026年9月1日前开展讲座3场", "2026-09-01"),
    ("12月20日前提交案例集1册", "2026-12-20"),
]


def read(text: str) -> ClauseReading:
    return read_clause(text, PERIOD, "")


def notes_of(reading: ClauseReading) -> str:
    return "\n".join([*reading.notes, *(note for item in reading.items for note in item.notes)])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [*TOTALS, *PARTS, *NO_TOTALS, *SHARED, *BRACKETS, *SERVED, *DIVIDED, *RULES, *PAIRED],
)
def test_amounts_and_their_conditions(text: str, wanted: str) -> None:
    expected = sorted(part.strip() for part in wanted.split(",") if part.strip())
    assert sorted(strict_amounts(read(text).items).elements()) == expected


@pytest.mark.parametrize("text", MARKED)
def test_a_condition_that_no_activity_can_meet_is_marked(text: str) -> None:
    assert "比总数" in notes_of(read(text))


@pytest.mark.parametrize(("text", "number"), REMARKS)
def test_what_the_format_cannot_hold_is_a_remark_with_its_number(text: str, number: str) -> None:
    assert number in notes_of(read(text))
