"""Reads the facts of a contract: place, buyer, package and period. Unknown facts stay empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from sgtrack.model.numerals import parse_number
from sgtrack.model.text import any_spaced
from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.lexicon import has_word, word_list
from sgtrack.tender.tender_document import LONGEST_HEADING, PACKAGE_HEADING, ContractFacts

SHORTEST = 27
"""Minimum length of a project period in days; shorter periods are bidding deadlines."""
MOST_YEARS = 10


def read_facts(
    heading: str, outside: list[str], clauses: list[str], everywhere: list[str], today: date
) -> ContractFacts:
    """Read the facts of a package.

    Args:
        heading: the heading of the package, or an empty string.
        outside: the lines of the package that belong to no clause.
        clauses: the texts of the package's clauses, searched for the place if no heading names it.
        everywhere: all lines of the document, searched for buyer, contract number and period.
        today: a period of which only the length is known begins with the year of this day.
    """
    facts = ContractFacts()
    match = PACKAGE_HEADING.match(heading)
    if match:
        facts.package = re.sub(r"\s", "", match["package"])
    titles = [line for line in (heading, *outside) if line and len(line) <= LONGEST_HEADING]
    place = _find_place(titles, alone=True)
    if not place[2] and not place[1] and (named := _find_place(clauses, alone=False))[2]:
        place = named
        facts.notes["name"] = "社区名称取自条款原文"
    facts.county, facts.street, facts.name = place
    for line in (*outside, *everywhere):
        facts.buyer = facts.buyer or _after(line, "采购人|采购单位|购买方|购买主体|委托方|甲方")
        facts.contract = facts.contract or _after(line, "合同编号")
    lines = [normalize(line) for line in (heading, *outside, *everywhere) if line]
    title = normalize(everywhere[0]) if everywhere else ""
    _read_period(facts, lines, title, today)
    return facts


Place = tuple[str, str, str]
"""The names of county, street and community; unknown ones are empty."""


@cache
def _place_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    leads = any_spaced(word_list("place_leads"))
    prepositions = "".join(word_list("place_prepositions"))
    begins = rf"(?:(?:{leads})[{prepositions}]?|^|(?<=[^一-龥])|[{prepositions}])"
    wider = r"(?:[一-龥]{2,6}(?:省|自治区))?(?:[一-龥]{2,4}市)?"
    county = r"(?P<county>[一-龥]{2,7}自治县|[一-龥]{1,4}?[县市区])"
    street = r"(?P<street>[一-龥]{1,4}?(?:街道|镇|乡)(?![镇村]))"
    community = r"(?P<community>[一-龥]{1,6}?(?:社区|村(?!委|民|居|级|干|两)))"
    whole = rf"{begins}(?:{wider}{county}{street}?|{street.replace('street', 'only')}){community}?"
    return re.compile(rf"(?={whole})"), re.compile(rf"(?=(?:^|(?<=：)){community})")


def _find_place(lines: list[str], *, alone: bool) -> Place:
    """Return the most complete place that the lines name; ``alone`` allows a community only.

    If this place has no county, the county is taken from another line with the same street.
    """
    places = [
        place
        for line in lines
        if not has_word("other_places", line)
        for place in _places_in(_bare(line), alone=alone)
    ]
    if not places:
        return "", "", ""
    best = max(places, key=lambda place: (bool(place[2]), bool(place[0]), bool(place[1])))
    county = best[0] or next((p[0] for p in places if p[0] and p[1] == best[1] != ""), "")
    street = best[1]
    return county, street, best[2]


def _places_in(line: str, *, alone: bool) -> Iterator[Place]:
    whole, community = _place_patterns()
    for match in whole.finditer(line):
        county, street = match["county"] or "", match["street"] or match["only"] or ""
        named = match["community"] or ""
        if _is_generic(street, "not_streets"):
            street = named = ""
        if _is_generic(county, "not_counties"):
            continue
        if _is_generic(named, "not_communities") or not street:
            named = ""
        if county or street:
            yield county, street, named
    for match in community.finditer(line) if alone else ():
        name = match["community"]
        short = len(name) < 4 or not name.endswith("社区")
        if not short and not _is_generic(name, "not_communities", "praise"):
            yield "", "", name


def _is_generic(name: str, *lists: str) -> bool:
    """Return whether a word such as 辖区 or 示范社区 names no particular place."""
    core = re.sub(r"(?:社区|街道|自治县|[县市区镇乡村])$", "", name)
    is_wider = name.endswith(("社区", "村")) and core.endswith(("县", "市", "省"))
    if name in word_list("only_generic") or re.match("[由在和与及于个各每该其]", core):
        return True
    return bool(name) and (not core or is_wider or any(has_word(key, name) for key in lists))


def _bare(line: str) -> str:
    match = PACKAGE_HEADING.match(line)
    rest = match["rest"] if match else line
    rest = re.sub(r"\d{4}\s?年度?|其中|包括|关于|采购(?=[一-龥]{1,4}[县市区])", " ", rest)
    return re.sub(
        r"^(?:[.．、：:\s]|项目名称[：:]?|\d{4}\s?年度?|\d+|[一二三四五六七八九十]+、)+", "", rest
    )


def _after(line: str, words: str) -> str:
    match = re.search(
        rf"(?:^|[、.\s])(?:{words})(?:名称)?(?:（[^）]*）)?\s*[：:]\s*(?P<phrase>[^，。；;\s（]{{2,30}})",
        line,
    )
    return match["phrase"] if match else ""


_FIRST = r"(\d{4})\s?[年./-]\s?(\d{1,2})(?:\s?[月./-]\s?(?:(\d{1,2})\s?日?)?)?"
_LAST = r"(?:(\d{4})\s?[年./-]\s?)?(\d{1,2})\s?[月./-]\s?(?:(\d{1,2})\s?日?)?"
_RANGE = re.compile(rf"(?P<since>自)?\s*{_FIRST}\s*起?\s*[至到\-—–―~～]+\s*{_LAST}")
_LABEL = "期限|服务期|周期|合同期|项目期|执行期|实施期|服务时间|项目时间|实施时间|执行时间|履行"
_LENGTH = re.compile(
    rf"(?:{_LABEL})[^\d一两二三半，。；]{{0,4}}(?:自?[^，。；]{{0,16}}(?:起|之日)[，、]?)?(?:计|共|为|：|\s)*"
    r"(?P<number>\d+|[一两二三四五六]|十二|半)\s?(?:个)?(?P<unit>年|月|自然年)(?![度\d])"
)
_SINCE = re.compile(r"(?:自|从)\s?(\d{4})年(\d{1,2})月(\d{1,2})日")


def _read_period(facts: ContractFacts, lines: list[str], title: str, today: date) -> None:
    """Read the first and last day, or the length, or the year in the title."""
    year = re.search(r"(?<!\d)(20\d\d)\s?年(?!\s?\d)", title)
    years = [year] if year and not has_word("past_words", title) else []
    for line in lines:
        if has_word("other_dates", line):
            continue
        if len(line) <= LONGEST_HEADING and not has_word("past_words", line):
            years += re.finditer(r"(?<!\d)(20\d\d)\s?年度", line)
        for match in _RANGE.finditer(line):
            if not match["since"] and not re.search(_LABEL, line):
                continue
            start = _day(match[2], match[3], match[4] or "1")
            end = _day(match[5] or match[2], match[6], match[7])
            if start and end and SHORTEST <= (end - start).days <= MOST_YEARS * 366:
                facts.start, facts.end = start, end
                return
    for line in lines:
        if (length := _LENGTH.search(line)) and not has_word("other_dates", line):
            _read_length(facts, line, length, int(years[0][1]) if years else today.year)
            if facts.start is not None:
                return
    if years:
        facts.start, facts.end = date(int(years[0][1]), 1, 1), date(int(years[0][1]), 12, 31)


def _read_length(facts: ContractFacts, line: str, length: re.Match[str], year: int) -> None:
    """Read a period whose length is stated: 服务期限2年，自2026年4月1日起."""
    number = parse_number(length["number"]) if length["number"] != "半" else None
    months = int(number * (1 if length["unit"] == "月" else 12)) if number else 6
    since = _SINCE.search(line)
    start = _day(*since.groups()) if since else date(year, 1, 1)
    if start is None or not 1 <= months <= MOST_YEARS * 12:
        return
    at = start.month - 1 + months
    first = _day(str(start.year + at // 12), str(at % 12 + 1), "1")
    if first is None:
        return
    facts.start, facts.end = start, first + timedelta(days=start.day - 2)
    if since is None:
        facts.notes["period"] = (
            f"文件里只写了“{length[0].strip()}”，没有写起止日期，先从 {start} 算"
        )


def _day(year: str, month: str, day: str | None) -> date | None:
    try:
        if day is None:
            following = date(int(year) + int(month) // 12, int(month) % 12 + 1, 1)
            return following - timedelta(days=1)
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
