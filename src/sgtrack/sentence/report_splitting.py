"""Splits a pasted report into parts, and reads the day, amounts and items of each part."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.sentence.date_reading import find_date
from sgtrack.sentence.item_matching import codes_like_dates, match_items
from sgtrack.sentence.quantities import find_quantities
from sgtrack.sentence.report_parts import (
    HALF_DAY,
    HAN,
    HELD,
    LABEL,
    OPENING_CLAUSE,
    SESSION,
    PartKind,
    ReportPart,
    kind_of,
)
from sgtrack.sentence.sentence_reader import check_length

MAX_SENTENCES = 1000
"""The maximum number of sentences in a report."""
_KEYCAP = re.compile("(\\d)\ufe0f?\u20e3")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3]")
_MARK = re.compile(
    rf"\s*(?:(?P<chapter>[{HAN}]{{1,3}}[、.．])|(?P<section>[（(][{HAN}]{{1,3}}[)）]、?)"
    r"|(?P<point>\d{1,2}(?:[)）、]|[.．](?!\d)|[.．](?=\d{1,2}月\d)))|(?P<sub>[（(]\d{1,2}[)）]|[①-⑳])"
    rf"|(?P<word>第[{HAN}]+[，、]|[{HAN}]是)"
    rf"|(?P<label>(?:亮点|重点|特色|动态|简讯|信息|活动|任务|事项|工作|案例)(?:[{HAN}]{{1,2}}|\d{{1,2}})[：:、])"
    r"|(?P<bullet>[-*·●■◆▪►★○•—]+))\s*"
)
_MARK_INSIDE = re.compile(
    rf"(?<=.)(?=[①-⑳](?![】）)]))|(?<=[：:；;。，,])\s*(?=[（(]\d{{1,2}}[)）]|\d{{1,2}}(?:[、)）]|[.．](?!\d))(?!\d)|[{HAN}]是)"
    rf"|(?<=[：:；;。])\s*(?=[{HAN}]{{1,2}}、)"
)
_ENDS = re.compile(r"(?<=[。！!；;？?])(?![。！!；;？?”’」）)])|(?<=[。！!？?][”’」）)])")
_DAY = (
    rf"(?:\d{{1,2}}月)?\d{{1,2}}[日号]|\d{{1,2}}\.\d{{1,2}}(?!\d|[.%])|[{HAN}]{{1,2}}月[{HAN}]{{1,3}}[日号]"
    rf"|(?:周|星期|礼拜)[一二三四五六日天]|[今昨前][天日]"
)
_TIME_CHANGE = re.compile(
    rf"(?:{_DAY}|{HALF_DAY}|当[天晚]|同[日天]|次日|第二天|翌日|随后|之后|接着|{SESSION})"
)
_CLAUSE_START = re.compile(rf"(?<=[，,；;：:])\s*(?={_TIME_CHANGE.pattern})")
_BYLINE_CLAUSE = re.compile(r"^[^，。；：\d]{0,6}讯(?:[（(][^）)]*[）)]|[：:]|\s)+")
_GREETING_CLAUSE = re.compile(r"^[^，。：；\d]{0,8}好[，,！!。～~]+")
_TOTAL_BEFORE = re.compile(
    r"(?<=其中[：:，,])|(?<=分别[是为][：:])|(?<=分别[：:])|(?<=具体如下[：:])"
)


_FEAST_DAY = re.compile(
    r"[是为](?:第[^，。]{1,6}个)?[“‘]?[\u4e00-\u9fff]{2,14}[日节周月](?:[”’]|[，。]|$)|前的?最后"
)
_ELSEWHERE = re.compile(r"(?:接着|又|再|还)(?:去|到|给|为|在|来)")
_SERVED = re.compile(
    r"接待|协助|帮助|陪[同伴]|服务|解答|调解|办理|发放|慰问|走访|探访|看望|宣传|宣讲|培训|讲解|辅导|链接|建立|撰写|提交|发布|注册"
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
            for opening in (_BYLINE_CLAUSE, _GREETING_CLAUSE, OPENING_CLAUSE):
                match = opening.match(rest)
                if match and not find_quantities(match[0]) and not LABEL.match(rest):
                    sentences.append(match[0])
                    rest = rest[match.end() :]
            sentences.append(rest)
    return sentences


def _split_at_times(project: Project, whole: ReportPart, today: date) -> list[ReportPart]:
    """Split a sentence before each clause that begins another activity with a day or time."""
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
    """Return whether two parts of a sentence describe two activities."""
    if before.sure and after.changes_time and not after.possible and _ELSEWHERE.search(after.text):
        return after.counts_people
    another_day = after.day is not None and before.day is not None and after.day != before.day
    if after.is_session and (before.is_session or before.text.endswith(("：", ":"))):
        return bool(after.amounts or after.day)
    if another_day and after.is_act and not (before.is_act or before.amounts):
        return True  # Example: 6月26日是国际禁毒日，6月24日，…….
    if not (after.amounts and before.amounts and after.is_act and before.is_act):
        return False
    return another_day or are_other_items(project, before.sure, after.sure)


def are_other_items(project: Project, before: frozenset[str], after: frozenset[str]) -> bool:
    """Return whether two sets of items are disjoint, and no item is a part of another (其中)."""
    if not before or not after:
        return False
    parents = {project.items[code].part_of for code in before | after}
    return not before & after and not parents & (before | after)


def _describe(project: Project, part: ReportPart, today: date) -> ReportPart:
    """Return a part with the values and the kind that are read from its text."""
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
        matches
        or HELD.search(text)
        or (amounts and (_SERVED.search(text) or _ELSEWHERE.search(text)))
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
    return replace(described, kind=kind_of(described))
