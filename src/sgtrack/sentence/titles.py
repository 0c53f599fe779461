"""Finds the title of an activity in a sentence, and the name of a group or case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sgtrack.entry.series_names import is_generic, read_series_title

_QUOTED = re.compile(
    r"[“‘「【]([^”’」】]{2,100})[”’」】](?P<what>[^，。；、,;\s]{0,14}?(?:活动|小组|个案|培训|讲座|宣讲|会|课堂|行动|项目))?"
)
_DONE = re.compile(
    r"(?:开展|举办|举行|组织|召开|实施|启动|完成|进行)(?:了|的)?(?P<what>[^，。；！,;!\n]{2,})"
)
_AMOUNT_FIRST = re.compile(r"^(?:\d+|[一二两三四五六七八九十]+)(?:场次|场|次|个|期|节)")
_GROUP = r"(?:小组|个案)"
_MARK = r"(?:\s*[（(]?第\s*[\d一二三四五六七八九十]+\s*[节次期场讲课回][)）]?)"
_NAMED = re.compile(
    rf"(?P<quoted>[“‘「【《][^”’」】》]{{1,20}}[”’」】》]\s*[\u4e00-\u9fff]{{0,8}}?{_GROUP})"
    rf"|(?:(?<=\d)[日号])?(?P<plain>[\u4e00-\u9fffA-Za-z·]{{0,20}}?{_GROUP}(?![“‘「【《])"
    rf"(?:(?<=个案)[\u4e00-\u9fff]{{2,3}}(?=进行|开展|第|顺利|圆满|成功|正式|[已今昨]|结案))?)"
    rf"|{_GROUP}(?P<after>[“‘「【《][^”’」】》]{{1,20}}[”’」】》])"
)
"""The name of a group or case: “夕阳红”老年人小组, 夕阳红小组, 个案小杨 or 小组“夕阳红”."""
_SESSION = re.compile(_MARK)
_SURE_SESSION = re.compile(
    rf"第[\s\d一二三四五六七八九十]+节|{_MARK}(?=小组|个案|活动|面谈|会谈|访谈|辅导|聚会|课)"
)
"""The number of a session that is also recognized in another clause than the name."""
_BESIDE_GROUP = re.compile(rf"{_GROUP}[^，。；！,;!\n]*?(?P<session>{_MARK})")
"""The number of a session in the same clause as a word such as 个案 that has no name."""
_QUOTED_SESSION = re.compile(rf"(?P<quoted>[“‘「【《][^”’」】》]{{1,20}}[”’」】》])(?={_MARK})")
"""A quoted name without 小组 or 个案, directly before the number of a session."""
_CLOSED = re.compile(
    rf"(?:结案|[结闭]组)(?!\s*[\d零一二三两]|率|报告|评估|标准|条件|材料|资料|表|手续|准备|计划|前|时)"
    rf"|{_GROUP}[^，。；！,;!\n第]{{0,8}}?(?:结束|收官|结项|完结|落幕)(?!后|前|时|的)"
    r"|(?:最后一|末)[节次期]"
)
"""Words that say that a whole group or case has ended, and not only a session of it."""
_NOT_YET = re.compile(
    r"(?:[未没不待拟将]|准备|计划|申请|打算|讨论|可以|符合|达到|即将)[^，。；,;]{0,3}$"
)
_BEFORE_NAME = re.compile(
    r".*(?:开展|举办|举行|组织|召开|实施|启动|完成|进行|参加|跟进|介入|推进|结束|新[开增建接]|带领|主持|服务|本[周月次]|[昨今前][天日晚早]|上午|下午|晚上"
    r"|社工站?|站里|我们|(?<=[一二三四五六七八九十])[日号]|(?<!自)在(?!线)|了(?!不起|解)|为(?!老[小服]|爱|民)|对(?!话)"
    r"|与(?![爱你我])|(?<![温祥])和(?![谐睦美乐煦气])|给(?!力)|把|(?<!小)将(?![来心])|(?<!自)由|从(?![心容头零])|到|是"
    r"|向(?![阳日上心善])|的(?!个案|小组)|带(?=小组))(?!$)"
)
"""Words before the name of a group, up to the last verb or preposition."""


def find_title(text: str) -> str:
    """Return a title for an activity, or an empty string.

    The title is the quoted words, with a noun such as 活动 after them. Quoted words of fewer than
    four characters need this noun. Without such a quotation, the title is the words after a verb
    such as 开展.
    """
    for match in _QUOTED.finditer(text):
        inner, what = match[1], match["what"] or ""
        if len(inner) >= 4 or what:
            return f"{inner}{what}" if not inner.endswith(("活动", "培训", "讲座")) else inner
    if held := _DONE.search(text):
        return _AMOUNT_FIRST.sub("", held["what"]).strip("的了 “”")
    return ""


def find_series_title(text: str) -> str:
    """Return the name of the group or case of a sentence with its session, or an empty string.

    Quoted words in the clause of the name, or beside 主题, are the theme of the session, which the
    title keeps: 夕阳红小组第3次“认识情绪”.
    """
    for match in (*_NAMED.finditer(text), *_QUOTED_SESSION.finditer(text)):
        parts = match.groupdict()
        plain = _BEFORE_NAME.sub("", parts.get("plain") or "")
        name = parts["quoted"] or parts.get("after") or plain
        if is_generic(read_series_title(name).name):
            continue
        mark = _find_session(text, match.start(), match.end())
        themes = [theme for theme in _find_themes(text, match) if theme not in name]
        theme = f"“{'；'.join(themes)}”" if themes else ""
        return f"{name}{mark[0].strip() if mark else ''}{theme}"
    return ""


def _find_themes(text: str, name: re.Match[str]) -> Iterator[str]:
    """Yield the quoted words in the clause after a name, and those beside 主题."""
    clause_end = name.end() + len(re.split(r"[，。；！,;!\n]", text[name.end() :])[0])
    for quoted in re.finditer("[“‘「【《]([^”’」】》]+)[”’」】》]", text):
        beside = text[max(quoted.start() - 4, 0) : quoted.start()] + text[quoted.end() :][:4]
        if name.end() <= quoted.start() < clause_end or "主题" in beside:
            yield quoted[1]


def _find_session(text: str, start: int, end: int) -> re.Match[str] | None:
    """Find the number of the session of a group whose name stands at a place in a text.

    The number is searched in the same clause after the name, directly before the name, and then in
    other clauses. There, ordinals that may count other events are ignored: 第一次 in 他第一次发言.
    """
    clause_end = end + len(re.split(r"[，。；！,;!\n]", text[end:])[0])
    return (
        _SESSION.search(text, end, clause_end)
        or re.search(rf"{_MARK}\s*$", text[:start])
        or _SURE_SESSION.search(text, end)
        or _SURE_SESSION.search(text)
    )


def find_closing_words(text: str) -> str:
    """Find the words that say that a group or case has ended: 结案, 小组圆满结束, 最后一节.

    Words about the end of a session, such as 第三节活动圆满结束, are not returned.
    """
    for match in _CLOSED.finditer(text):
        if not _NOT_YET.search(text[: match.start()]):
            return match[0]
    return ""


def find_session_words(text: str) -> re.Match[str] | None:
    """Find the words that name the session of a group or case in a sentence: 第3节."""
    for match in (*_NAMED.finditer(text), *_QUOTED_SESSION.finditer(text)):
        if found := _find_session(text, match.start(), match.end()):
            return found
    if beside := _BESIDE_GROUP.search(text):
        return _SESSION.search(text, beside.start("session"))
    return _SURE_SESSION.search(text)
