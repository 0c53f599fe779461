"""Divides a document into packages, categories and numbered clauses."""

from __future__ import annotations

from sgtrack.model.errors import Refused
from sgtrack.tender.column_roles import read_sections
from sgtrack.tender.contract_facts import is_package_heading, read_facts
from sgtrack.tender.document_blocks import Block, Document
from sgtrack.tender.prose_parser import parse_prose
from sgtrack.tender.table_parser import parse_rows
from sgtrack.tender.tender_document import TenderCategory, TenderPackage


def read_packages(document: Document) -> list[TenderPackage]:
    """Read the packages of a document, each with its clauses.

    Raises:
        Refused: the document contains no targets.
    """
    parts = _split(document.blocks)
    packages: list[TenderPackage] = []
    for heading, blocks in parts:
        packages += _package(heading, blocks)
    preface = [line for package in packages if not package.categories for line in package.lines()]
    packages = [package for package in packages if package.categories]
    if packages:
        packages[0].outside += preface
    else:
        raise Refused(
            f"{document.name} 里没有找到服务指标",
            "把写服务指标的那一部分复制出来存成 .txt，每条一行",
        )
    everywhere = [b for b in document.blocks if isinstance(b, str)]
    for package in packages:
        clauses = [clause.text for clause in package.clauses()]
        package.facts = read_facts(package.heading, package.outside, clauses, everywhere)
    return packages


def _split(blocks: tuple[Block, ...]) -> list[tuple[str, list[Block]]]:
    """Split the blocks at every package heading; the first part precedes all headings."""
    parts: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if isinstance(block, str) and is_package_heading(block):
            parts.append((block, []))
        else:
            parts[-1][1].append(block)
    return parts


def _package(heading: str, blocks: list[Block]) -> list[TenderPackage]:
    """Read the package under a heading; a table that repeats the categories starts another one."""
    packages = [TenderPackage(heading)]
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines.append(block)
            continue
        for rows in read_sections(block):
            made = parse_rows(rows.rows)
            if _begins_anew(packages[-1], made):
                packages.append(TenderPackage(""))
            packages[-1].categories += made
            packages[-1].outside += rows.lines
    categories, outside = parse_prose(lines, packages[0].categories != [])
    if categories and packages[0].categories:
        packages[0].notes.append("表格和正文里都有指标，看一看有没有写重的")
    packages[0].categories += categories
    packages[0].outside += outside
    return packages


def _begins_anew(package: TenderPackage, made: list[TenderCategory]) -> bool:
    """Return whether a table repeats the categories before it, for another community."""
    names = [category.name for category in package.categories]
    again = [category.name for category in made]
    if not names or not again or names[0] != again[0]:
        return False
    shared = sum(name in names for name in again)
    return len(again) > 1 and shared * 2 >= len(again)
