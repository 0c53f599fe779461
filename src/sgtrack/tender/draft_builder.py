"""Builds draft target files from a document: finds its packages and reads every clause."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Period
from sgtrack.model.errors import Refused
from sgtrack.model.units import HEADCOUNT, UNITS, Measure, is_distinct
from sgtrack.tender.clause_conditions import attach_condition
from sgtrack.tender.clause_exclusions import STAFF_REASON
from sgtrack.tender.clause_numbers import NumberKind, find_numbers, normalize
from sgtrack.tender.clause_proposals import AmountKey, ClauseReading, NumberReading, ProposedItem
from sgtrack.tender.clause_reader import read_clause
from sgtrack.tender.contract_draft import (
    MAYBE_TARGET,
    ContractDraft,
    DraftCategory,
    DraftClause,
    shorten_line,
)
from sgtrack.tender.contract_facts import read_facts
from sgtrack.tender.lexicon import has_word, trim_name
from sgtrack.tender.list_marks import read_mark
from sgtrack.tender.prose_parser import parse_prose
from sgtrack.tender.table_parser import parse_rows, read_sections
from sgtrack.tender.tender_document import (
    Block,
    Document,
    DocumentTable,
    TenderCategory,
    TenderClause,
    TenderPackage,
    is_package_heading,
)

MOST_LISTED = 12
"""Maximum number of lines that a refusal lists."""


def build_drafts(document: Document, today: date) -> list[ContractDraft]:
    """Build a draft for every package of a document.

    If the document names no project period, the draft proposes the year of ``today``.

    Raises:
        Refused: the document contains no targets.
    """
    return [_draft(document.name, package, today) for package in read_packages(document, today)]


def _draft(source: str, package: TenderPackage, today: date) -> ContractDraft:
    facts = package.facts
    start = facts.start or date(today.year, 1, 1)
    end = facts.end or date(today.year, 12, 31)
    period = Period(start, end)
    categories = []
    set_aside: list[tuple[str, str]] = []
    names: set[str] = set()
    one_issue_a_month = {AmountKey.MONTHLY: {"期": Decimal(1)}}
    has_brief = False
    for c, category in enumerate(package.categories, start=1):
        clauses: list[DraftClause] = []
        for n, clause in enumerate(category.clauses, start=1):
            reading = read_clause(clause.text, period, clause.about or category.name)
            if reading.is_no_indicator:
                reasons = "；".join(reason for _, reason in reading.excluded)
                set_aside.append((clause.text, reasons))
                continue
            code = f"{c}.{n}"
            codes = number_items(code, reading.items)
            for item in reading.items:
                fit_to_format(item, period)
                item.name = _unique(item.name, category.name, clause, names)
                item.brief = not has_brief and item.amounts == one_issue_a_month
                has_brief |= item.brief
            _give_conditions(reading, clauses, period)
            notes = list(dict.fromkeys([*clause.notes, *reading.notes]))
            if clause.part:
                notes.append("这一条写在上一条之下；是其中的部分就加 part_of")
            clauses.append(DraftClause(code, clause, reading, codes, tuple(notes)))
        if clauses:
            categories.append(DraftCategory(str(c), category, tuple(clauses)))
    set_aside += _required_staff(package.outside, period)
    package.outside += [text for text, _ in set_aside]
    return ContractDraft(
        source,
        facts,
        start,
        end,
        tuple(categories),
        _outside(package),
        tuple(package.notes),
        tuple(set_aside),
    )


def _required_staff(lines: list[str], period: Period) -> list[tuple[str, str]]:
    """Return the lines outside the clauses that require staff, each with the numbers."""
    staff = []
    for line in dict.fromkeys(line for text in lines for line in text.split("\n")):
        excluded = read_clause(line, period, "").excluded if has_word("staff_roles", line) else []
        reasons = [reason for _, reason in excluded if STAFF_REASON in reason]
        if reasons:
            staff.append((line, "；".join(reasons)))
    return staff


def _give_conditions(reading: ClauseReading, before: list[DraftClause], period: Period) -> None:
    """Move the conditions of a clause without targets to the previous clause.

    They go to the last item of that clause that counts events. If it has no such item, nothing is
    moved.
    """
    events = [item for item in before[-1].reading.items if item.is_event] if before else []
    if not reading.unattached or not events:
        return
    for condition in reading.unattached:
        attach_condition(events[-1], condition)
    fit_to_format(events[-1], period)
    reading.items[0].notes = [
        f"这一条只有条件，已写到 {before[-1].code} 的“{events[-1].name}”上；这里完成时记一次"
    ]


def number_items(clause: str, items: list[ProposedItem]) -> tuple[str, ...]:
    """Return a code for each item of a clause.

    A single item has the code of the clause, such as 6.1. If the first item has parts and all other
    items are parts, the first item has the code of the clause, and the others are numbered 6.1.1,
    6.1.2 and so on. Otherwise all items are numbered in this way.
    """
    first_has_parts = any(item.part_of == 0 for item in items)
    rest_are_parts = all(item.part_of is not None for item in items[1:])
    if len(items) == 1:
        return (clause,)
    if first_has_parts and rest_are_parts:
        return (clause, *(f"{clause}.{n}" for n in range(1, len(items))))
    return tuple(f"{clause}.{n}" for n in range(1, len(items) + 1))


def fit_to_format(item: ProposedItem, period: Period) -> None:
    """Remove or move values of an item that the target format rejects; add notes for a person."""
    for unit in [u for u in item.each if UNITS[u].measure in (Measure.OCCASIONS, Measure.WORKS)]:
        least = item.each.pop(unit)
        item.add_note(f"原文要求每次（每期）至少 {least:f} {unit}，目标文件的 each 不记“{unit}”")
    if item.once_per_person and not any(
        HEADCOUNT.intersection(units)
        for key, units in item.amounts.items()
        if key is not AmountKey.PER_PERSON
    ):
        item.once_per_person = False
        item.add_note("原文要求每人只计一次：登记时按人名记，同一个人只记一次")
    distinct = [u for u in item.amounts.get(AmountKey.TOTAL, {}) if is_distinct(u)]
    for unit in distinct[1:]:
        amount = item.amounts[AmountKey.TOTAL].pop(unit)
        item.add_note(f"还有 {amount:f} {unit}，要另写一个服务项")
    yearly = item.amounts.get(AmountKey.YEARLY, {})
    if item.series and AmountKey.TOTAL not in item.amounts and yearly:
        item.amounts[AmountKey.TOTAL] = item.amounts.pop(AmountKey.YEARLY)
        item.add_note("原文按每年写，小组、个案先按累计写；项目期不止一年就乘上年数")
    works = any(UNITS[u].measure is Measure.WORKS for u in item.amounts.get(AmountKey.TOTAL, {}))
    if item.series and not works:
        if item.sessions:
            item.add_note(f"原文要求每个做满 {item.sessions} 次，只有按“个”累计的才能写 sessions")
        item.series, item.sessions = False, None
    if item.types and AmountKey.TOTAL not in item.amounts:
        item.types = ()
    if item.due_day and AmountKey.MONTHLY not in item.amounts:
        item.due_day = None
    if item.due and item.due not in period:
        item.add_note(f"原文的期限 {item.due} 不在项目期内")
        item.due = None
    if item.part_of is not None and item.milestone:
        item.part_of = None


def _unique(name: str, category: str, clause: TenderClause, taken: set[str]) -> str:
    """Return a unique name, and add it to ``taken``.

    If the name is taken, try the topic and then the category in front of it, and then numbers after
    it.
    """
    short = trim_name(category)[:10]
    about = clause.about[:12]
    tried = [name]
    if about and about not in name:
        tried.append(f"{about}·{name}")
    if short and short not in name:
        tried.append(f"{short}·{name}")
    tried += [f"{name}（{n}）" for n in range(2, len(taken) + 3)]
    unique = next(candidate for candidate in tried if candidate not in taken)
    taken.add(unique)
    return unique


def _outside(package: TenderPackage) -> tuple[tuple[str, NumberReading], ...]:
    """List the numbers outside all clauses, so that the draft mentions every number."""
    lines = [package.heading, *package.outside, *(c.content for c in package.categories)]
    lines += [c.name for c in package.categories]
    readings = []
    for line in dict.fromkeys(line for text in lines for line in text.split("\n") if line):
        for number in find_numbers(normalize(read_mark(line)[1])):
            reason = number.reason or "不在服务指标里"
            if number.kind is NumberKind.AMOUNT:
                reason = f"不在服务指标里，{MAYBE_TARGET}"
            readings.append(
                (line, NumberReading(number.words, f"不是指标：{reason}", number.start))
            )
    return tuple(readings)


def read_packages(document: Document, today: date) -> list[TenderPackage]:
    """Read the contract packages of a document, each with its clauses.

    Raises:
        Refused: the document contains no targets.
    """
    parts = _split(document.blocks)
    packages = [package for heading, blocks in parts for package in _package(heading, blocks)]
    without_targets = [package for package in packages if not package.categories]
    preface = [line for package in without_targets for line in (package.heading, *package.outside)]
    packages = [package for package in packages if package.categories]
    if not packages:
        raise Refused(
            f"{document.name} 里没有找到服务指标{_numbers_seen(document)}",
            "把写服务指标的那一部分复制出来存成 .txt，每条一行",
        )
    packages[0].outside += filter(None, preface)
    packages[0].notes += document.notes
    everywhere = [b for b in document.blocks if isinstance(b, str)]
    for package in packages:
        clauses = [clause.text for category in package.categories for clause in category.clauses]
        titles = everywhere[:2] if len(packages) == 1 else []
        lines = [*package.outside, *titles]
        package.facts = read_facts(package.heading, lines, clauses, everywhere, today)
    return packages


def _numbers_seen(document: Document) -> str:
    """Return words that list the numbers of a document with their lines, for a refusal."""
    seen = []
    for n, block in enumerate(document.blocks, start=1):
        lines = [block] if isinstance(block, str) else _table_lines(block)
        for line in lines:
            numbers = [number.words for number in find_numbers(normalize(read_mark(line)[1]))]
            if numbers:
                where = f"第{n}段" if isinstance(block, str) else f"第{n}段的表格"
                seen.append(f"{where}“{shorten_line(line)}”里的 {'、'.join(numbers)}")
    if not seen:
        return "，也没有看到数字"
    more = f"，等 {len(seen)} 处" if len(seen) > MOST_LISTED else ""
    return f"。看到的数字都不像指标：{'；'.join(seen[:MOST_LISTED])}{more}"


def _table_lines(table: DocumentTable) -> list[str]:
    cells = dict.fromkeys(cell for row in table.rows for cell in row)
    return [line for cell in cells for line in cell.lines]


def _split(blocks: tuple[Block, ...]) -> list[tuple[str, list[Block]]]:
    """Split the blocks at every package heading; the first part has an empty heading."""
    parts: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if isinstance(block, str) and is_package_heading(block):
            parts.append((block, []))
        else:
            parts[-1][1].append(block)
    return parts


def _package(heading: str, blocks: list[Block]) -> list[TenderPackage]:
    """Read the blocks under a heading as one or more packages.

    A table that repeats the categories of the package starts the next package.
    """
    packages = [TenderPackage(heading)]
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines.append(block)
            continue
        for section in read_sections(block):
            categories = parse_rows(section.rows)
            if _repeats_categories(packages[-1], categories):
                packages.append(TenderPackage(""))
            packages[-1].categories += categories
            packages[-1].outside += section.lines
    categories, outside = parse_prose(lines, packages[0].categories != [])
    if categories and packages[0].categories:
        packages[0].notes.append("表格和正文里都有指标，看一看有没有写重的")
    packages[0].categories += categories
    packages[0].outside += outside
    return packages


def _repeats_categories(package: TenderPackage, categories: list[TenderCategory]) -> bool:
    """Return whether a table repeats categories of a package, and so starts another package.

    At least two categories are required. The first must be the same, and at least half must repeat.
    """
    before = [category.name for category in package.categories]
    names = [category.name for category in categories]
    if len(names) < 2 or names[:1] != before[:1]:
        return False
    return sum(name in before for name in names) * 2 >= len(names)
