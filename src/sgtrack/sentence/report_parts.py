"""Classifies the parts of a pasted report as facts, headings, plans, praise and so on.

A part is a sentence or a line without punctuation. A sentence about activities at several days or
times has a part for each of them (上午给老人理发12人次，｜下午到小学讲防溺水120人次).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sgtrack.model.units import HEADCOUNT
from sgtrack.sentence.date_reading import DateMention
from sgtrack.sentence.quantities import Quantity

_LIST_LINE = 60
"""The maximum length of a line that may be an item of a list without marks, in characters."""
_HEADING = 20
"""The maximum length of a point of a list that is only a heading, in characters."""
_STORY = 150
"""The minimum length of a story about one activity, in characters."""
HAN = "一二三四五六七八九十"
"""The Chinese digits of list marks, days and sessions."""
HALF_DAY = r"(?:当[天日晚]|同[天日])?(?:清晨|早[上晨]|上午|中午|下午|傍晚|晚上|晚间)"
"""A time of the day."""
CLOCK = r"\d{1,2}[:：]\d{2}(?!\d)"
SESSION = rf"(?:第[{HAN}\d]{{1,2}}|首|末|最后一?)[节次期场讲课]"
"""The number of a session: 第三节, 首场."""
OPENING_CLAUSE = re.compile(
    r"^[^：:；。（(]{0,30}(?:汇报|报告|工作|小结|总结|如下|情况|动态|安排|计划|[日周月]报|数据|记录)[^：:；。（(]{0,6}[：:](?=.)"
)
"""The words before a report in one line: 现将本周工作汇报如下：."""
_ABOUT_REPORT = re.compile(
    r"^[^，。；]{2,24}(?:编印?|印发?|期)[）)]?\s*[（(]?\d{4}年\d{1,2}月\d{1,2}日[）)]?$|^[（(【]?(?:[^，。；\d]{0,6}讯[（(：:\s]|供稿|来源|信息来源|编辑|责编|审核|撰稿|撰写人|图文|摄影|通讯员|文/|文[／：:]|图/|图[／：:]|图为|图[一二三四\d]"
    r"|发布时间|发布日期|报告人|汇报人|填报人|填表|记录人|报送单位|附[：:件]|阅读|点击|浏览|上一篇|下一篇)"
)
_GREETING = re.compile(
    r"^(?:尊敬的|各位|亲爱的)?[^，。：；\d]{0,8}好[，,！!。～~]*$|[汇报]报?如下|情况如下|汇报完毕|^以上[是为就]?[^，。]{0,6}(?:汇报|报告|情况|工作|小结|总结)|特此(?:报告|汇报)"
    r"|请[^，。]{0,6}(?:核对|批示|审批|审阅|审核|批评|指正|查收|查阅|知悉|指示)|^[^，。]{0,6}辛苦|收到请回复|^(?:谢谢|感谢)(?:大家|各位|你们|领导|支持)?[^，。；\d]{0,6}(?:的?(?:支持|配合|关心|帮助|参与|理解)[与和、]?)*[！!。~～]*$|^尊敬的|^各位[^，。；\d]{0,8}[：:，,]?$"
)
_PLAN = re.compile(
    r"^(?:下一?步|接下来|下周|下星期|下个?月|下个?季度|下一?阶段|下一?[次场期节回]|后续|今后|未来|明[天日]|展望|预计|拟[于在定]?|计划|预告|我们将|我站将|社工站?将|将于)"
    r"|^[^，。；\d]{0,16}将(?:继续|持续|进一步|以此|不断|定期|陆续|于(?:下|明|近期)|一如既往)|[，、]下一步[，,][^。]{0,12}(?:将|要|会|继续)|^[^。\d]{0,12}表示，[^。\d]{0,10}(?:将|要)继续"
)
_NO_ACTIVITY_SECTION = re.compile(
    r"^(?!.*(?:制定|拟定|修订|设计|撰写|完成|讨论|填写))[^，。；]{0,10}?(?:(?:下一?个?(?:步|周|月|阶段|季度)|[一二三四]季度|[上下]半年|全年|年度|明[日天]|后[续期]|今后|未来|近期|工作|活动|服务|\d月份?)[^，。；]{0,6}|^)(?:计划|打算|安排|预告|展望|思路)[：:】]?$"
    r"|(?:存在的?(?:问题|困难|不足)|问题[与和及][^，。]{1,6}|困难[与和及](?:问题|不足|需求|建议)|不足之处|体会|感悟|反思|启示"
    r"|(?:工作|服务|主要|活动)成效|下一?步[^，。]{0,8}|需(?:要)?协调[^，。]{0,8}|(?:工作|意见|对策)(?:和|与)?建议|^建议)[：:】]?$"
)
_TO_DATE = re.compile(
    r"^(?:据[悉统计了解]{1,3}，)?[^，。；]{0,8}(?:截[至止](?!当|今[日天]|昨|[上下]午|活动|发稿|结束)|自[^，。]{1,14}(?:以来|至今|起)|自从|(?:今年|年初|本年度?|项目启动|启动|成立|开展|入驻|运营)以来|迄今|至今|目前(?:已|共|累计))|^[^，。；]{0,10}(?:年|月)以来"
)
_TOTAL = re.compile(
    r"^[^。；]{0,6}(?:本周|这周|上周|本月|上月|当月|本季度|一季度|二季度|三季度|四季度|今年|全年|半年|一周|一个月|全月|\d{1,2}月份?)[^。；]{0,16}?(?:共|累计|合计|总计|各类|各项|总)"
    r"|^(?:合计|总计|共计|累计|【[^】]*(?:小结|合计|总结|汇总)】)"
)
_JUDGEMENT = re.compile(
    r"^(?:此次|本次|这次|该|通过(?:此次|本次|这次|系列)?)[^。；]{0,10}?(?:活动|服务|宣[讲传]|培训|讲座|小组|行动|走访|慰问|演练|项目|课程?|开展)[^。；]*?"
    r"(?:增强|提升|提高|营造|丰富|受到|得到|深受|获得|赢得|促进|拉近|进一步|让|使|不仅|既|为)"
    r"|^(?:活动|大家|居民们?|群众|老人们?|孩子们?|家长们?|组员们?|参与者|学员们?|现场)[^。；\d]{0,14}(?:纷纷|一致|表示|好评|认可|点赞|欢迎|圆满|笑)"
)
_DURING = re.compile(
    r"^(?:在?(?:活动|培训|讲座|宣讲|课堂|座谈|走访|慰问|演练|服务|服务过程|小组|义诊|仪式)(?:现场|中|当[天日]|期间|开始|伊始|最后|尾声|结束时|过程|上|一开始|正式)|现场|其间|期间|会上|课上|会中|课堂上|过程中|首先|其次|再次|最后|据悉|据了解"
    r"|(?:活动|培训|讲座|课程|宣讲|小组)结束后|本次|此次|这次|该|当[天日]的?活动|每到一[户处家]|互动|[^，。]{1,14}(?:环节|过程中|的同时)|随后的|接着的|“)"
)
"""Beginnings of sentences that say more about the same activity."""
_ASIDE_PEOPLE = re.compile(r"(?:采访|随机|合影|留念|分享|互动|抽奖|问答)")
_PEOPLE = re.compile("老人|居民|群众|孩子|儿童|学生|娃|村民|党员|家长|小朋友|老乡|学员")
_PROBLEM = re.compile(r"^(?:存在的?)?(?:主要)?(?:问题|困难|不足)(?:[及和与][^：:，]{1,6})?[：:]")
_RECENT = re.compile(
    r"近[日期段]|最近|日前|连日|前[几些一]|不久前|前不久|前段|前阵|这[几两段阵]|头[几两]|周末|节[前后]|[^\d]*前夕|[^\d]*期间|[^\d]*当[天日]"
)
HELD = re.compile(r"开展|举办|举行|组织|召开|启动|实施|主办|承办|联合")
_PARTS_FOLLOW = re.compile(
    r"(?:环节|板块|内容|流程|议程|项目|部分|形式|区域|摊位|阶段)[^，。；]{0,6}[：:；;。，]?$|(?:包括|包含|涵盖|分为|分别[是为]|设置了?|设有|主要有)[^。]{0,14}[：:]$"
)
_ACTIVITY_LIST = re.compile(
    r"(?:本次|此次|这次)?(?:活动|培训|课程|讲座|宣讲|会议|现场|小组|老师|讲师|社工|律师|医生|民警|大家)[^：:]*[：:]$"
)
LABEL = re.compile(
    r"^(?:活动|服务|培训|宣讲|会议|小组|课程|参[加与]|到场|项目)?(?P<label>名称|主题|时间|日期|地点|场地|对象|人员|人数|人次|内容|过程|流程|形式|方式|目的|主办(?:方|单位)?|承办(?:方|单位)?|协办(?:方|单位)?|组织者|负责人|主讲人?|参[加与]人[员数次]?|服务人[数次])\s*[：:]"
)
_STATE = re.compile(r"现有|常住|总人口|位于|下辖|毗邻|占地|成立于|配备|目前有|辖区有")
"""Words of sentences that describe a place or a station."""


class PartKind(StrEnum):
    """The kinds of parts of a report."""

    FACT = "fact"
    """A description of something that was done."""
    HEADING = "heading"
    LABEL = "label"
    """A line of a form: 活动地点：社区广场."""
    JUDGEMENT = "judgement"
    """Praise, an effect or an opinion of an activity."""
    PLAN = "plan"
    TO_DATE = "to date"
    """A cumulative amount at a date: 截至6月25日."""
    ASIDE = "aside"
    """A greeting, a byline, or a description of the station."""


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A part of a report, with the values that were read from the part.

    ``original`` is the part with its list mark (1、, 一是), and ``text`` the part without the mark.
    ``mark`` names the kind of the mark, or is empty. ``mention`` are the words that name the day.
    ``sure`` are the codes of the items that the part certainly names, and ``possible`` those of all
    items that it may mean. ``is_act`` says whether the part describes something that was done.
    ``starts_line`` and ``ends_line`` say whether the part is at the start and at the end of its
    line.
    """

    text: str
    original: str
    line: int
    mark: str = ""
    starts_line: bool = False
    ends_line: bool = False
    kind: PartKind = PartKind.FACT
    mention: DateMention | None = None
    amounts: tuple[Quantity, ...] = ()
    sure: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    is_act: bool = False

    @property
    def day(self) -> date | None:
        """The day that the part names; None if it names no day, or a vague one."""
        return self.mention.day if self.mention else None

    @property
    def words(self) -> str:
        """The words that name the day, or an empty string."""
        return self.mention.words if self.mention else ""

    @property
    def counts_people(self) -> bool:
        """Whether the part has an amount of people, visits or households."""
        return any(
            q.unit in HEADCOUNT
            or q.unit in ("户", "户次")
            or (q.unit == "个" and _PEOPLE.match(self.text, q.end))
            for q in self.amounts
        )

    @property
    def is_alone(self) -> bool:
        """Whether the part is a whole line."""
        return self.starts_line and self.ends_line

    @property
    def is_chapter(self) -> bool:
        """Whether the part begins a chapter of the report: 一、, 亮点一：, 【…】."""
        return self.mark in ("chapter", "label") or self.text.startswith("【")

    @property
    def is_total(self) -> bool:
        """Whether the part states the total of a week or a month: 本周共服务120人次."""
        return self.day is None and bool(_TOTAL.search(self.text))

    @property
    def is_recent(self) -> bool:
        """Whether the part names its day in vague words: 近日, 前几天."""
        return self.day is None and bool(_RECENT.match(self.words))

    @property
    def is_held(self) -> bool:
        """Whether the part says that an activity was held: 开展, 举办."""
        return bool(HELD.search(self.text))

    @property
    def starts_with_time(self) -> bool:
        """Whether the part begins with a time of the day: 下午."""
        return bool(re.match(HALF_DAY, self.text))

    @property
    def is_series_total(self) -> bool:
        """Whether the part states the number of sessions of a series: 小组共四节."""
        return bool(re.search(rf"共[\u4e00-\u9fff]{{0,2}}?[{HAN}\d]+[节次期场]|历时", self.text))

    @property
    def is_sum(self) -> bool:
        """Whether the part only states the total of a table: 合计25人次."""
        starts = re.match(r"合计|总计|共计|【[^】]*(?:小结|合计|总结|汇总)】", self.text)
        return bool(starts or (self.is_alone and re.fullmatch(r"总?共[^，。；]{1,12}", self.text)))

    @property
    def is_session(self) -> bool:
        """Whether the part describes a session of a series: 第三节."""
        return bool(re.search(SESSION, self.text[:16]))

    @property
    def changes_time(self) -> bool:
        """Whether the part begins with a time of the day, or a word such as 随后 or 另外."""
        return bool(
            re.match(
                rf"(?:{HALF_DAY}|当[天日晚]|同[日天]|随后|之后|接着|紧接着|此外|另外|{CLOCK}"
                r"|[^，。]{2,10}后，(?=[^，。]{0,8}(?:社工|一行|志愿者|又|还|再|前往|来到|走进|组织|开展)))",
                self.text,
            )
        )

    @property
    def is_during(self) -> bool:
        """Whether the part says more about the same activity: 活动现场, 在问答环节."""
        return bool(_DURING.match(self.text) or _ASIDE_PEOPLE.search(self.text[:20]))

    @property
    def announces_parts(self) -> bool:
        """Whether a list of the parts of this activity follows: 设三个环节："""
        return bool(_PARTS_FOLLOW.search(self.text))

    @property
    def goes_on_with_list(self) -> bool:
        """Whether the part introduces a list about the same activity: 活动分三个环节："""
        return self.day is None and bool(_ACTIVITY_LIST.match(self.text))

    @property
    def label(self) -> str:
        """The label of a line of a form (时间, 地点), or an empty string."""
        match = LABEL.match(self.text)
        return match["label"] if match else ""

    @property
    def closes_section(self) -> bool:
        """Whether the part is the heading of a section without activities: 下周计划, 存在问题."""
        is_open = self.kind is PartKind.PLAN and self.text.endswith(("：", ":"))
        return is_open or (len(self.text) <= 24 and bool(_NO_ACTIVITY_SECTION.search(self.text)))


def kind_of(part: ReportPart) -> PartKind:
    """Return the kind of a part, by its text and the values that were read from it."""
    text = part.text
    if _ABOUT_REPORT.match(text):
        return PartKind.ASIDE
    if LABEL.match(text) and part.starts_line:
        return PartKind.LABEL
    if not part.amounts and part.day is None and _GREETING.search(text):
        return PartKind.ASIDE
    if (part.closes_section and not part.amounts) or _PROBLEM.match(text):
        return PartKind.PLAN
    if _PLAN.search(text) and (part.day is None or not part.amounts):
        return PartKind.PLAN
    if _TO_DATE.search(text) and not (part.mark and part.sure and part.amounts):
        return PartKind.TO_DATE
    if part.day is None and _STATE.search(text):
        return PartKind.ASIDE
    if not part.amounts and _JUDGEMENT.search(text):
        return PartKind.JUDGEMENT
    is_open = not text.endswith(tuple("。！!；;？?，,…”"))
    is_heading = (part.is_alone and is_open) or (
        text.endswith(("：", ":")) and (part.starts_line or bool(OPENING_CLAUSE.match(f"{text}｜")))
    )
    is_entry = (part.is_session and part.day is not None) or bool(
        re.match(rf"{HALF_DAY}|{CLOCK}", text)
    )
    if is_heading and not (part.amounts or is_entry) and len(text) <= 40:
        return PartKind.HEADING
    return PartKind.FACT


def is_entry(part: ReportPart) -> bool:
    """Return whether a part may be an item of a list without marks: a short line of its own."""
    return part.is_alone and len(part.text) <= _LIST_LINE and not part.is_during


def introduces(part: ReportPart, following: ReportPart | None) -> bool:
    """Return whether a part is only a heading: 1、个案开展。周一，……, or 小组共开展4节：第一节……"""
    if following is None:
        return False
    if following.is_session and not part.is_session:
        return part.is_series_total or part.text.endswith(("：", ":"))
    if part.day is not None:
        return bool(following.mark) and not (part.mark or part.amounts or part.is_act)
    is_short = len(part.text) <= _HEADING and not part.amounts
    return bool(part.mark) and is_short and following.mark != part.mark


def find_stories(parts: list[ReportPart]) -> set[int]:
    """Return the ids of the parts that belong to a story about one activity.

    A story is a long passage that names at most one day and says more about its activity in further
    sentences. The ids are those of the built-in function ``id``.
    """
    stories: set[int] = set()
    section: list[ReportPart] = []
    for part in [*parts, None]:
        if part is None or part.mark or part.is_chapter:
            days = {p.day for p in section if p.day and p.kind is PartKind.FACT}
            goes_on = any(p.is_during or p.kind is PartKind.JUDGEMENT for p in section)
            if goes_on and len(days) <= 1 and sum(len(p.text) for p in section) >= _STORY:
                stories.update(map(id, section))
            section = []
        if part is not None:
            section.append(part)
    return stories
