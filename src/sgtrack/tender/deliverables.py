"""Reports and papers that a contract wants handed in."""

from __future__ import annotations

import re

from sgtrack.tender.cues import listed
from sgtrack.tender.item_naming import trimmed
from sgtrack.tender.lexicon import any_of, lexicon, longest_first


def rhythmic_paper(words: str) -> str | None:
    """The unit of the paper that is handed in each time, or None where it is none."""
    units = lexicon().table("written_units")
    for paper in longest_first(units):
        if paper in words:
            return str(units[paper])
    return None


def deliverables(words: str) -> list[str]:
    """The papers that a stretch of text wants handed in: 上报A、B等报告 is A报告 and B报告."""
    handed = re.search(rf"(?:{any_of(lexicon().lists['hand_in'])})(?P<what>[^（）]+)$", words)
    if handed is None:
        return []
    papers = any_of(lexicon().lists["papers"])
    what = handed["what"].strip(" ：:")
    body, _, _ = what.partition("等")
    paper = re.search(rf"(?:{papers})$", what.strip())
    if paper is None and not re.search(rf"(?:{papers})", what):
        return []
    names = listed(body)
    if not names:
        return [trimmed(what) or what]
    kind = paper[0] if paper else ""
    whole = [name if re.search(rf"(?:{papers})$", name) else f"{name}{kind}" for name in names]
    return [trimmed(name) or name for name in whole]
