"""Finds the title of an activity in a sentence, and the name of a group or case."""

from __future__ import annotations

import re

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
    rf"|(?P<plain>[\u4e00-\u9fffA-Za-z·]{{1,20}}?{_GROUP}(?![“‘「【《]))"
    rf"|{_GROUP}(?P<after>[“‘「【《][^”’」】》]{{1,20}}[”’」】》])"
)
"""The name of a group or case: “夕阳红”老年人小组, 夕阳红小组 or 小组“夕阳红”."""
_SESSION = re.compile(_MARK)
_BEFORE_NAME = re.compile(
    r".*(?:开展|举办|举行|组织|召开|实施|启动|完成|进行|参加|跟进|介入|推进|结束|带领|主持|服务|本[周月次]|[昨今前][天日晚早]|上午|下午|晚上"
    r"|社工站?|站里|我们|[日号了的在为对与和给把将由从到是向])(?!$)"
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

    Quoted words that are not beside 小组 or 个案 are the theme of the session, which the title
    keeps: 夕阳红小组第3次“认识情绪”.
    """
    for match in _NAMED.finditer(text):
        name = match["quoted"] or match["after"] or _BEFORE_NAME.sub("", match["plain"] or "")
        if is_generic(read_series_title(name).name):
            continue
        mark = _SESSION.search(text)
        quoted = (m for m in re.finditer("[“‘「【《]([^”’」】》]+)[”’」】》]", text))
        themes = [m[1] for m in quoted if m[1] not in name]
        theme = f"“{'；'.join(themes)}”" if themes else ""
        return f"{name}{mark[0].strip() if mark else ''}{theme}"
    return ""
