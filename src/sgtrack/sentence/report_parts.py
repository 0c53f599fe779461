"""Splits a pasted report into its parts, and says what each part is.

A part is a sentence, a line without punctuation, or the half of a sentence that tells an activity
of another day or time (上午给老人理发12人次，｜下午到小学讲防溺水120人次).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.model.units import HEADCOUNT
from sgtrack.sentence.date_reading import DateMention, find_date
from sgtrack.sentence.item_matching import codes_like_dates, match_items
from sgtrack.sentence.quantities import Quantity, find_quantities

MAX_SENTENCE = 1000
"""The maximum length of a sentence, and of the text of an event, in characters."""
MAX_SENTENCES = 1000
"""The maximum number of sentences in a report."""
_KEYCAP = re.compile("(\\d)\ufe0f?\u20e3")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3]")
_HAN = "一二三四五六七八九十"
_MARK = re.compile(
    rf"\s*(?:(?P<chapter>[{_HAN}]{{1,3}}[、.．])|(?P<section>[（(][{_HAN}]{{1,3}}[)）]、?)"
    r"|(?P<point>\d{1,2}(?:[)）、]|[.．](?!\d)|[.．](?=\d{1,2}月\d)))|(?P<sub>[（(]\d{1,2}[)）]|[①-⑳])"
    rf"|(?P<word>第[{_HAN}]+[，、]|[{_HAN}]是)"
    rf"|(?P<label>(?:亮点|重点|特色|动态|简讯|信息|活动|任务|事项|工作|案例)(?:[{_HAN}]{{1,2}}|\d{{1,2}})[：:、])"
    r"|(?P<bullet>[-*·●■◆▪►★○•—]+))\s*"
)
_MARK_INSIDE = re.compile(
    rf"(?<=[：:；;。，,])\s*(?=[①-⑳]|[（(]\d{{1,2}}[)）]|\d{{1,2}}(?:[、)）]|[.．](?!\d))(?!\d)|[{_HAN}]是)"
    rf"|(?<=[：:；;。])\s*(?=[{_HAN}]{{1,2}}、)"
)
_ENDS = re.compile(r"(?<=[。！!；;？?])(?![。！!；;？?”’」）)])|(?<=[。！!？?][”’」）)])")
_DAY = (
    rf"(?:\d{{1,2}}月)?\d{{1,2}}[日号]|\d{{1,2}}\.\d{{1,2}}(?!\d|[.%])|[{_HAN}]{{1,2}}月[{_HAN}]{{1,3}}[日号]"
    rf"|(?:周|星期|礼拜)[一二三四五六日天]|[今昨前][天日]"
)
_HALF_DAY = r"(?:当[天日晚]|同[天日])?(?:清晨|早[上晨]|上午|中午|下午|傍晚|晚上|晚间)"
_SESSION = rf"(?:第[{_HAN}\d]{{1,2}}|首|末|最后一?)[节次期场讲课]"
_TIME_CHANGE = re.compile(
    rf"(?:{_DAY}|{_HALF_DAY}|当[天晚]|同[日天]|次日|第二天|翌日|随后|之后|接着|{_SESSION})"
)
_CLAUSE_START = re.compile(rf"(?<=[，,；;：:])\s*(?={_TIME_CHANGE.pattern})")
_GREETING_CLAUSE = re.compile(r"^[^，。：；\d]{0,8}好[，,！!。～~]+")
_OPENING_CLAUSE = re.compile(
    r"^[^：:；。（(]{0,30}(?:汇报|报告|工作|小结|总结|如下|情况|动态|安排|计划|[日周月]报|数据|记录)[^：:；。（(]{0,6}[：:](?=.)"
)

_ABOUT_REPORT = re.compile(
    r"^[^，。；]{2,24}(?:编印?|印发?|期)[）)]?\s*[（(]?\d{4}年\d{1,2}月\d{1,2}日[）)]?$|^[（(【]?(?:本报讯|供稿|来源|信息来源|编辑|责编|审核|撰稿|撰写人|图文|摄影|通讯员|文/|文[／：:]|图/|图[／：:]|图为|图[一二三四\d]"
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
    r"^[^，。；]{0,8}(?:截[至止](?!当|今[日天]|昨|[上下]午|活动|发稿|结束)|自[^，。]{1,14}(?:以来|至今|起)|自从|(?:今年|年初|本年度?|项目启动|启动|成立|开展|入驻|运营)以来|迄今|至今|目前(?:已|共|累计))|^[^，。；]{0,10}(?:年|月)以来"
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
    r"|本次|此次|这次|该|当[天日]的?活动|每到一[户处家]|互动|[^，。]{1,14}(?:环节|过程中|的同时)|随后的|接着的|“)"
)
"""Words with which a sentence goes on telling the same activity."""
_ASIDE_PEOPLE = re.compile(r"(?:采访|随机|合影|留念|分享|互动|抽奖|问答)")
_FEAST_DAY = re.compile(
    r"[是为](?:第[^，。]{1,6}个)?[“‘]?[\u4e00-\u9fff]{2,14}[日节周月](?:[”’]|[，。]|$)|前的?最后"
)
_RECENT = re.compile(
    r"近[日期段]|最近|日前|连日|前[几些一]|不久前|前不久|前段|前阵|这[几两段阵]|头[几两]|周末|节[前后]|[^\d]*前夕|[^\d]*期间|[^\d]*当[天日]"
)
_HELD = re.compile(r"开展|举办|举行|组织|召开|启动|实施|主办|承办|联合")
_SERVED = re.compile(
    r"接待|协助|帮助|陪[同伴]|服务|解答|调解|办理|发放|慰问|走访|探访|看望|宣传|宣讲|培训|讲解|辅导|链接|建立|撰写|提交|发布|注册"
)
_PARTS_FOLLOW = re.compile(
    r"(?:环节|板块|内容|流程|议程|项目|部分|形式|区域|摊位|阶段)[^，。；]{0,6}[：:；;。，]?$|(?:包括|包含|涵盖|分为|分别[是为]|设置了?|设有|主要有)[^。]{0,14}[：:]$"
)
_ACTIVITY_LIST = re.compile(
    r"(?:本次|此次|这次)?(?:活动|培训|课程|讲座|宣讲|会议|现场|小组|老师|讲师|社工|律师|医生|民警|大家)[^：:]*[：:]$"
)
_LABEL = re.compile(
    r"^(?:活动|服务|培训|宣讲|会议|小组|课程|参[加与]|到场|项目)?(?P<label>名称|主题|时间|日期|地点|场地|对象|人员|人数|人次|内容|过程|流程|形式|方式|目的|主办(?:方|单位)?|承办(?:方|单位)?|协办(?:方|单位)?|组织者|负责人|主讲人?|参[加与]人[员数次]?|服务人[数次])\s*[：:]"
)
_STATE = re.compile(r"现有|常住|总人口|位于|下辖|毗邻|占地|成立于|配备|目前有|辖区有")
"""Words with which a sentence describes a place or a station."""
_TOTAL_BEFORE = re.compile(
    r"(?<=其中[：:，,])|(?<=分别[是为][：:])|(?<=分别[：:])|(?<=具体如下[：:])"
)


class PartKind(StrEnum):
    """What a part of a report is."""

    FACT = "fact"
    """Something that was done, or more about it."""
    HEADING = "heading"
    LABEL = "label"
    """A line of a form: 活动地点：社区广场."""
    JUDGEMENT = "judgement"
    """Praise, effects and opinions of an activity."""
    PLAN = "plan"
    TO_DATE = "to date"
    """What was reached to date: 截至6月25日."""
    ASIDE = "aside"
    """A greeting, a byline, or a description of the station."""


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A part of a report with what it says.

    ``original`` has the mark of the list (1、, 一是), ``text`` has not. ``mark`` names the kind of
    the mark, or is empty. ``day`` is None if the part names no day or a vague one; ``mention`` has
    the words. ``sure`` are the codes of the items that it certainly names, ``possible`` of all that
    it may mean. ``is_act`` says whether it tells that something was done. ``starts_line`` and
    ``ends_line`` say where it stands in its line.
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
        """Return the day that the part names."""
        return self.mention.day if self.mention else None

    @property
    def words(self) -> str:
        """Return the words that name the day, or an empty string."""
        return self.mention.words if self.mention else ""

    @property
    def counts_people(self) -> bool:
        """Return whether the part has an amount of people, visits or households."""
        return any(q.unit in HEADCOUNT or q.unit in ("户", "户次") for q in self.amounts)

    @property
    def is_alone(self) -> bool:
        """Return whether the part is a whole line."""
        return self.starts_line and self.ends_line

    @property
    def is_chapter(self) -> bool:
        """Return whether the part begins a chapter of the report: 一、, 亮点一：, 【…】."""
        return self.mark in ("chapter", "label") or self.text.startswith("【")

    @property
    def is_total(self) -> bool:
        """Return whether the part adds up a week or a month: 本周共服务120人次."""
        return self.day is None and bool(_TOTAL.search(self.text))

    @property
    def is_recent(self) -> bool:
        """Return whether the part names its day in vague words: 近日, 前几天."""
        return self.day is None and bool(_RECENT.match(self.words))

    @property
    def is_held(self) -> bool:
        """Return whether the part says that an activity was held: 开展, 举办."""
        return bool(_HELD.search(self.text))

    @property
    def starts_with_time(self) -> bool:
        """Return whether the part begins with a time of the day: 下午."""
        return bool(re.match(_HALF_DAY, self.text))

    @property
    def is_series_total(self) -> bool:
        """Return whether the part tells how many sessions a series had: 小组共四节."""
        return bool(re.search(rf"共[\u4e00-\u9fff]{{0,2}}?[{_HAN}\d]+[节次期场]|历时", self.text))

    @property
    def is_sum(self) -> bool:
        """Return whether the part only adds up a table: 合计25人次."""
        return bool(re.match(r"合计|总计|共计|【[^】]*(?:小结|合计|总结|汇总)】", self.text))

    @property
    def is_session(self) -> bool:
        """Return whether the part tells a session of a series: 第三节."""
        return bool(re.search(_SESSION, self.text[:16]))

    @property
    def changes_time(self) -> bool:
        """Return whether the part begins with another time of the day, or with 随后 or 另外."""
        return bool(
            re.match(
                rf"(?:{_HALF_DAY}|当[天日晚]|同[日天]|随后|之后|接着|紧接着|此外|另外|[^，。]{{2,10}}(?:结束)?后，)",
                self.text,
            )
        )

    @property
    def is_during(self) -> bool:
        """Return whether the part goes on telling the same activity: 活动现场, 在问答环节."""
        return bool(_DURING.match(self.text) or _ASIDE_PEOPLE.search(self.text[:20]))

    @property
    def announces_parts(self) -> bool:
        """Return whether the list below tells the parts of this activity: 设三个环节："""
        return bool(_PARTS_FOLLOW.search(self.text))

    @property
    def goes_on_with_list(self) -> bool:
        """Return whether a list of what the activity consisted of follows: 活动分三个环节："""
        return self.day is None and bool(_ACTIVITY_LIST.match(self.text))

    @property
    def label(self) -> str:
        """Return the label of a line of a form (时间, 地点), or an empty string."""
        match = _LABEL.match(self.text)
        return match["label"] if match else ""

    @property
    def closes_section(self) -> bool:
        """Return whether it is the heading of a section without activities: 下周计划, 存在问题."""
        is_open = self.kind is PartKind.PLAN and self.text.endswith(("：", ":"))
        return is_open or (len(self.text) <= 24 and bool(_NO_ACTIVITY_SECTION.search(self.text)))


def check_length(text: str) -> None:
    """Check the length of a sentence, because the reading time grows faster than the length.

    Raises:
        Refused: the sentence is longer than ``MAX_SENTENCE`` characters.
    """
    if len(text) > MAX_SENTENCE:
        raise Refused(
            f"一句话有 {len(text)} 个字，太长", f"分成几句，每句不超过 {MAX_SENTENCE} 个字"
        )


def split_report(project: Project, report: str, today: date) -> list[ReportPart]:
    """Split a report into its parts, in the order of the report.

    Raises:
        Refused: a sentence or the report is too long.
    """
    lines = _EMOJI.sub("", _KEYCAP.sub(r"\1、", report)).splitlines()
    texts = [
        [text for text in _split_line(line.strip()) if any(map(str.isalnum, text))]
        for line in lines
    ]
    number = sum(map(len, texts))
    if number > MAX_SENTENCES:
        raise Refused(f"汇报有 {number} 句，太多", f"分几次粘贴，每次不超过 {MAX_SENTENCES} 句")
    parts: list[ReportPart] = []
    for line, sentences in enumerate(texts):
        for n, text in enumerate(sentences):
            check_length(text)
            is_last = n == len(sentences) - 1
            whole = ReportPart(text, text, line, starts_line=n == 0, ends_line=is_last)
            parts += _split_at_times(project, _describe(project, whole, today), today)
    return parts


def _split_line(line: str) -> list[str]:
    """Split a line into sentences, points of a list inside it, and its greeting and opening."""
    sentences: list[str] = []
    for sentence in _ENDS.split(line):
        points = [p for total in _TOTAL_BEFORE.split(sentence) for p in _MARK_INSIDE.split(total)]
        for point in points:
            rest = point
            for opening in (_GREETING_CLAUSE, _OPENING_CLAUSE):
                match = opening.match(rest)
                if match and not find_quantities(match[0]) and not _LABEL.match(rest):
                    sentences.append(match[0])
                    rest = rest[match.end() :]
            sentences.append(rest)
    return sentences


def _split_at_times(project: Project, whole: ReportPart, today: date) -> list[ReportPart]:
    """Split a sentence where another activity begins with its day or time."""
    clauses = _CLAUSE_START.split(whole.original)
    if whole.kind is not PartKind.FACT or len(clauses) == 1:
        return [whole]
    pieces: list[ReportPart] = []
    for clause in clauses:
        piece = replace(
            whole,
            original=clause,
            text=clause,
            mark="",
            starts_line=whole.starts_line and not pieces,
        )
        piece = _describe(project, piece, today)
        if pieces and not _is_another(project, pieces[-1], piece):
            before = pieces.pop()
            joined = replace(before, original=before.original + clause)
            piece = _describe(project, replace(joined, text=joined.original, mark=""), today)
        pieces.append(piece)
    return [replace(p, ends_line=whole.ends_line and p is pieces[-1]) for p in pieces]


def _is_another(project: Project, before: ReportPart, after: ReportPart) -> bool:
    """Return whether two halves of a sentence tell two activities."""
    another_day = after.day is not None and before.day is not None and after.day != before.day
    if after.is_session and (before.is_session or before.text.endswith(("：", ":"))):
        return bool(after.amounts or after.day)
    if another_day and after.is_act and not (before.is_act or before.amounts):
        return True  # Example: 6月26日是国际禁毒日，6月24日，…….
    if not (after.amounts and before.amounts and after.is_act and before.is_act):
        return False
    return another_day or are_other_items(project, before.sure, after.sure)


def are_other_items(project: Project, before: frozenset[str], after: frozenset[str]) -> bool:
    """Return whether two sets of items have nothing in common, not even an item and its part."""
    if not before or not after:
        return False
    parents = {project.items[code].part_of for code in before | after}
    return not before & after and not parents & (before | after)


def _describe(project: Project, part: ReportPart, today: date) -> ReportPart:
    """Say what a part is, by its text."""
    mark = _MARK.match(part.original)
    text = part.original.strip()
    kind_of_mark = ""
    if mark and (part.starts_line or mark.lastgroup in ("point", "sub", "word", "chapter")):
        text, kind_of_mark = part.original[mark.end() :].strip(), mark.lastgroup or ""
    amounts = tuple(find_quantities(text))
    matches = match_items(project, text, amounts)
    mention = find_date(text, today, project.period, codes_like_dates(project, matches))
    sure = frozenset(match.item.code for match in matches if match.sure)
    is_feast = mention is not None and bool(_FEAST_DAY.search(text[:40])) and not amounts
    is_act = not is_feast and bool(
        matches or _HELD.search(text) or (amounts and _SERVED.search(text))
    )
    described = replace(
        part,
        text=text,
        mark=kind_of_mark,
        mention=mention,
        amounts=amounts,
        sure=frozenset() if is_feast else sure,
        possible=frozenset(match.item.code for match in matches),
        is_act=is_act,
    )
    return replace(described, kind=_kind_of(described))


def _kind_of(part: ReportPart) -> PartKind:
    text = part.text
    if _ABOUT_REPORT.match(text):
        return PartKind.ASIDE
    if _LABEL.match(text) and part.starts_line:
        return PartKind.LABEL
    if not part.amounts and part.day is None and _GREETING.search(text):
        return PartKind.ASIDE
    if part.closes_section and not part.amounts:
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
        text.endswith(("：", ":"))
        and (part.starts_line or bool(_OPENING_CLAUSE.match(f"{text}｜")))
    )
    is_entry = (part.is_session and part.day is not None) or part.starts_with_time
    if is_heading and not (part.amounts or is_entry) and len(text) <= 40:
        return PartKind.HEADING
    return PartKind.FACT
