"""Finds lines with services outside the sections of services, such as 人员要求 and 总体目标."""

from __future__ import annotations

import re
from datetime import date

from sgtrack.model.contract import Period
from sgtrack.model.text import any_spaced
from sgtrack.model.units import UNITS, Measure
from sgtrack.tender.clause_exclusions import STAFF_REASON
from sgtrack.tender.clause_proposals import AmountKey, ProposedItem
from sgtrack.tender.clause_reader import read_clause
from sgtrack.tender.lexicon import has_word, word_list
from sgtrack.tender.list_marks import OutlineNode
from sgtrack.tender.tender_document import TenderCategory, TenderClause, one_line

_ANY_YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
"""An arbitrary period for reading lines; whether a line holds a service does not depend on it."""
LONGEST_HEADING = 30
MANY_BESIDE = 2
_SERVICES = (Measure.VISITS, Measure.OCCASIONS, Measure.TIME)


def collect_services(
    node: OutlineNode, heading: str, categories: list[TenderCategory], *, beside: bool = False
) -> None:
    """Add the lines with services at and below a node, each as a clause to be checked.

    ``heading`` is the heading that the node stands under; ``beside`` says whether at least two
    lines beside the node are services. Sections on payment, bidding, scoring and the like are left
    out.
    """
    if is_foreign(node.text if node.children else heading):
        return
    if holds_service(node.text, "任务" if beside else heading):
        add_service(node, heading, categories)
    below = node.text if node.children and len(node.text) <= LONGEST_HEADING else heading
    listed = [child for child in node.children if child.mark is not None]
    many = sum(holds_service(child.text, below) for child in listed) >= MANY_BESIDE
    for child in node.children:
        collect_services(child, below, categories, beside=many and child.mark is not None)


def add_service(node: OutlineNode, heading: str, categories: list[TenderCategory]) -> None:
    """Add a line as a clause, to the last category if it has the same heading."""
    name = category_name(heading or node.text)
    if not categories or categories[-1].name != name:
        categories.append(TenderCategory(name))
    clause = TenderClause(node.text, node.mark.words.strip() if node.mark else "")
    if heading:
        clause.notes.append(f"写在“{name}”里，不在写服务指标的部分，看一看是不是指标")
    categories[-1].clauses.append(clause)


def is_foreign(heading: str) -> bool:
    """Return whether a section such as 付款方式 never holds services."""
    short = re.split("[：:。]", heading)[0]
    return len(short) <= LONGEST_HEADING and has_word("foreign_sections", short)


def holds_service(text: str, heading: str = "") -> bool:
    """Return whether a line outside the sections of services asks for a service.

    A service is a rate such as 满意度95%, an amount of events, visits or time, or an amount with
    words such as 不少于. Under a heading such as 总体目标, any amount is a service.
    """
    if is_fact(text) or is_buyers_duty(text):
        return False
    least = re.search(rf"(?:{any_spaced(word_list('at_least'))})", text) is not None
    asks = re.search("目标|任务|指标|产出|成果|要求|内容", heading)
    least = least or (asks is not None and not re.search("人员|团队", heading))
    reading = read_clause(text, _ANY_YEAR, "")
    of_staff = any(STAFF_REASON in reason for _, reason in reading.excluded)
    past = re.search(word_list("past_years")[0], text) is not None
    return not past and any(
        _is_service(item, least=least) for item in reading.items if not (of_staff and item.measured)
    )


def _is_service(item: ProposedItem, *, least: bool) -> bool:
    if (
        item.measured
        or AmountKey.PER_PERSON in item.amounts
        or any(key is not AmountKey.TOTAL for key in item.amounts)
    ):
        return True
    return bool(item.units()) and (
        least or item.series or any(UNITS[unit].measure in _SERVICES for unit in item.units())
    )


def is_condition_only(text: str) -> bool:
    """Return whether a line only states conditions of the clause before it: 每次不少于8人。"""
    reading = read_clause(text, _ANY_YEAR, "")
    return bool(reading.unattached) and all(item.milestone for item in reading.items)


def is_fact(text: str) -> bool:
    """Return whether a line states a fact of the contract, such as 服务期限：2年."""
    label = any_spaced(word_list("fact_labels"))
    period = any_spaced(word_list("period_labels"))
    begins = r"【?(?:本|该|项目|合同|服务|采购|的)*"
    named = rf"(?:{label})(?:（[^（）]*）)?\s*(?:[】：:为是]|$)"
    fact = rf"{begins}(?:{named}|(?:{period})\s*[\d一两三])"
    return re.match(fact, text) is not None


def is_buyers_duty(text: str) -> bool:
    """Return whether a sentence says what the buyer does, and not what an agency has to do."""
    agencies = any_spaced(word_list("agencies"))
    acts = rf"(?:{agencies})(?:应|须|需|负责|必须|每|在|按|完成|提供|开展|组织|向|为)"
    return text.startswith(tuple(word_list("buyers"))) and not re.search(acts, text)


def category_name(name: str) -> str:
    """Return a category name: a heading up to its first punctuation mark."""
    return re.split("[：:。，]", one_line(name))[0].strip()[:40] or "服务内容"
