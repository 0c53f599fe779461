"""What to call the activity of a sentence."""

from __future__ import annotations

import re

LONGEST = 40
_QUOTED = re.compile(
    r"[“‘「【]([^”’」】]{2,40})[”’」】](?P<what>[^，。；、,;\s]{0,14}?(?:活动|小组|个案|培训|讲座|宣讲|会|课堂|行动|项目))?"
)
_DONE = re.compile(
    r"(?:开展|举办|举行|组织|召开|实施|启动|完成|进行)(?:了|的)?(?P<what>[^，。；！,;!\n]{2,40})"
)
_AMOUNT_FIRST = re.compile(r"^(?:\d+|[一二两三四五六七八九十]+)(?:场次|场|次|个|期|节)")


def find_title(text: str) -> str:
    """A short name for the activity: what stands in quotation marks, else what was held."""
    for match in _QUOTED.finditer(text):
        inner, what = match[1], match["what"] or ""
        if len(inner) >= 4 or what:
            return f"{inner}{what}" if not inner.endswith(("活动", "培训", "讲座")) else inner
    if done := _DONE.search(text):
        return _AMOUNT_FIRST.sub("", done["what"]).strip("的了 “”")[:LONGEST]
    return ""
