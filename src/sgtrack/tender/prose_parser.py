"""Parses text outside tables into categories and clauses, by headings and list marks."""

from __future__ import annotations

import re

from sgtrack.model.units import UNITS, Measure
from sgtrack.tender.clause_numbers import ClauseNumber, NumberKind, normalize
from sgtrack.tender.cues import tokenize_clause
from sgtrack.tender.lexicon import has_word
from sgtrack.tender.list_marks import OutlineNode, build_outline, read_mark
from sgtrack.tender.service_lines import (
    add_service,
    category_name,
    collect_services,
    holds_service,
    is_buyers_duty,
    is_condition_only,
    is_fact,
)
from sgtrack.tender.tender_document import (
    TenderCategory,
    TenderClause,
    goes_on,
    has_target,
)

LONGEST_TITLE = 16
MANY_SERVICES = 3


def parse_prose(lines: list[str], has_table: bool) -> tuple[list[TenderCategory], list[str]]:
    """Return the categories of all sections with tasks, and the lines outside the categories.

    If no section has tasks, the whole text is read, unless ``has_table`` is true. If no clause
    contains a target, return no categories.
    """
    root = build_outline(_joined(lines), _is_title)
    sections = _sections(root) or ([] if has_table else [root])
    categories: list[TenderCategory] = []
    first = next((node.text for node in root.children if node.mark is None), "")
    title = first if first and len(first) <= 40 else "服务内容"
    if sections == [root]:
        _collect(root, title, categories)
    else:
        _collect_sections(root, sections, title, categories)
    categories = [category for category in categories if category.clauses]
    if not any(has_target(c.text) for category in categories for c in category.clauses):
        categories = []
    used = {clause.text for category in categories for clause in category.clauses}
    used |= {category.content for category in categories} | {c.name for c in categories}
    outside = [node.text for node in root.walk() if node.text and node.text not in used]
    return categories, outside


def _collect_sections(
    node: OutlineNode, sections: list[OutlineNode], title: str, categories: list[TenderCategory]
) -> None:
    """Collect the sections below a node, and the services outside them, in their order.

    Of several sections, one without an amount is treated like other text.
    """
    for child in node.children:
        if any(child is section for section in sections):
            collected: list[TenderCategory] = []
            _collect(child, child.text or title, collected)
            targets = "".join(c.text for f in collected for c in f.clauses if has_target(c.text))
            if len(sections) == 1 or re.search(r"\d", normalize(targets)):
                categories += collected
            else:
                collect_services(child, node.text, categories)
        elif any(below is section for below in child.walk() for section in sections):
            if holds_service(child.text):
                add_service(child, node.text, categories)
            _collect_sections(child, sections, title, categories)
        else:
            collect_services(child, node.text, categories)


def _is_title(line: str) -> bool:
    """Return whether a line without a mark is a section title, such as 服务内容."""
    short = len(line) <= LONGEST_TITLE and not re.search(r"[，。；、\d]|[：:].", line)
    return short and (has_word("sections", line) or has_word("not_sections", line))


def _joined(lines: list[str]) -> list[str]:
    """Join lines that were broken in the middle of a sentence."""
    whole: list[str] = []
    for line in lines:
        broken = whole and len(whole[-1]) >= 24 and re.search(r"[一-龥，、\d]$", whole[-1])
        begins = read_mark(line)[0] is not None or re.match(r"[【一-龥“”]{1,12}[：:】]", line)
        if broken and not begins and not is_fact(whole[-1]):
            whole[-1] += line
        else:
            whole.append(line)
    return whole


def _heading(node: OutlineNode) -> str:
    """Return the text before the first colon or full stop, or "" if it is over 30 characters."""
    head = re.split("[：:。]", node.text)[0]
    return head if len(head) <= 30 else ""


def _sections(root: OutlineNode) -> list[OutlineNode]:
    """Return the innermost sections whose heading names tasks.

    If there are none, or if they contain less than half of all service amounts, return the result
    of ``_titled``.
    """
    sections: list[OutlineNode] = []

    def look(node: OutlineNode) -> bool:
        """Collect the sections at and below a node; return whether there are any."""
        if node.mark is None or not node.children:
            return max(map(look, node.children), default=False)
        if _is_skipped(node):
            return False
        before = len(sections)
        if max(list(map(look, node.children)), default=False):
            # A heading such as 服务标准 does not hide the clauses beside it.
            beside = [child for child in node.children if not child.children]
            if any(_own_services(child) for child in beside) and not has_target(node.text):
                sections[before:] = [node]
            return True
        if has_word("sections", _heading(node)):
            sections.append(node)
        return sections[-1:] == [node]

    look(root)
    amounts = sum(_services(node) for node in sections)
    return sections if sections and amounts * 2 >= _services(root) else _titled(root)


def _services(node: OutlineNode) -> int:
    """Count the service amounts at and below a node, except in skipped sections."""
    if node.children and _is_skipped(node):
        return 0
    return _own_services(node) + sum(_services(child) for child in node.children)


def _own_services(node: OutlineNode) -> int:
    return sum(
        isinstance(token, ClauseNumber)
        and token.kind is NumberKind.AMOUNT
        and UNITS[token.unit].measure in (Measure.VISITS, Measure.OCCASIONS)
        for token in tokenize_clause(normalize(node.text))
    )


def _titled(root: OutlineNode) -> list[OutlineNode]:
    """Return the lists that have a heading.

    Return [] if there are fewer than two such lists.
    """
    headed = [
        node
        for node in root.children
        if any(below.mark is not None for below in node.children) and not has_target(node.text)
    ]
    if len(headed) < 2:
        return []
    return [node for node in headed if not _is_skipped(node)]


def _is_skipped(node: OutlineNode) -> bool:
    """Return whether a section has few service amounts and a heading such as 付款."""
    heading = _heading(node)
    if not has_word("not_sections", heading) or has_word("sections", heading):
        return False
    return sum(_own_services(below) for below in node.walk()) < MANY_SERVICES


def _collect(node: OutlineNode, name: str, categories: list[TenderCategory]) -> None:
    """Collect the clauses below a node, grouped into categories.

    A marked line becomes a clause if no line directly below it has a mark or a target. Otherwise it
    becomes a clause with parts if it has a target, and a category if it has none. The buyer's
    duties and sections without tasks are skipped.
    """
    category = TenderCategory(category_name(name))
    categories.append(category)
    if node.mark is not None and has_target(node.text):
        category.clauses.append(_clause(node))  # Example: 服务内容：探访500人次。
    for child in node.children:
        leaf = all(below.mark is None for below in child.children)
        if is_buyers_duty(child.text) or (leaf and is_fact(child.text)):
            continue  # The buyer's duties and facts such as 服务期限 are not indicators
        if child.children and _is_skipped(child):
            collect_services(child, node.text, categories)
            category = TenderCategory(category.name)
            categories.append(category)
            continue
        if (
            leaf
            and not has_target(child.text)
            and re.search("(?:下表|附表)[^，。]*[：:。]?$", child.text)
        ):
            continue  # Example: 康复活动，按下表执行：
        if child.mark is None:
            category = _unmarked(child.text, category, categories)
        elif all(b.mark is None and not has_target(b.text) for b in child.children):
            category.clauses.append(_whole_clause(child))
        elif has_target(child.text):
            category.clauses += _clause_with_parts(child)
        else:
            _collect(child, child.text, categories)
            category = TenderCategory(category.name)
            categories.append(category)


def _unmarked(
    text: str, category: TenderCategory, categories: list[TenderCategory]
) -> TenderCategory:
    """Add a line without a list mark, and return the category for the lines after it.

    A line with a target becomes a clause. Otherwise, a short line or a line that ends with a colon
    becomes a new category, and any other line becomes content of ``category``.
    """
    if category.clauses and is_condition_only(text):
        _join(category.clauses[-1], text)
    elif has_target(text):
        category.clauses.append(TenderClause(text))
    elif re.search("[：:]$", text) or len(text) <= LONGEST_TITLE:
        category = TenderCategory(category_name(text))
        categories.append(category)
    else:
        category.content = f"{category.content}\n{text}".strip("\n")
    return category


def _clause_with_parts(node: OutlineNode) -> list[TenderClause]:
    """Return a clause followed by its parts, as in 政策宣讲10场：（1）… （2）…"""
    clauses = [_clause(node)]
    for below in list(node.walk())[1:]:
        if below.mark is None and is_condition_only(below.text):
            _join(clauses[-1], below.text)
        elif (below.mark is not None or has_target(below.text)) and not is_buyers_duty(below.text):
            clause = _clause(below)
            clause.part = below.mark is not None
            clauses.append(clause)
    return clauses


def _join(clause: TenderClause, text: str) -> None:
    """Add a line to the clause before it."""
    gap = "" if re.search(r"[，、：:。；（]$", clause.text) else "。"
    clause.text = f"{clause.text}{gap}{text}"
    clause.notes = ["条款文字由几行合成"]


def _clause(node: OutlineNode) -> TenderClause:
    return TenderClause(node.text, node.mark.words.strip() if node.mark else "")


def _whole_clause(node: OutlineNode) -> TenderClause:
    """Join a clause with the unmarked lines that continue it."""
    clause = _clause(node)
    for below in node.children:
        if has_target(node.text) and not goes_on(clause.text):
            break
        gap = "" if re.search(r"[，、：:。；（]$", clause.text) else "："
        clause.text = f"{clause.text}{gap}{below.text}"
        clause.notes = ["条款文字由几行合成"]
    return clause
