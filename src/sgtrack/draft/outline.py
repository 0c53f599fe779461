"""From lines and tables to packages, categories and numbered clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sgtrack.draft.documents import Block, Document
from sgtrack.draft.facts import Facts, facts_of, package_heading
from sgtrack.draft.grid import GridRow, rows_of
from sgtrack.draft.lexicon import lexicon
from sgtrack.draft.listmarks import Node, read_mark, split_inline, tree
from sgtrack.draft.marks import is_amount, tokens
from sgtrack.draft.numbers import levelled
from sgtrack.errors import Refused


@dataclass
class Clause:
    """A line of what the contract asks for.

    ``mark`` is its number as printed, ``about`` what its row or heading says it is about, ``notes``
    say what a person should look at, ``part`` whether it stands under the clause before it.
    """

    text: str
    mark: str = ""
    about: str = ""
    notes: list[str] = field(default_factory=list)
    part: bool = False


@dataclass
class Category:
    """A row of the contract's table, or a section with clauses."""

    name: str
    content: str = ""
    clauses: list[Clause] = field(default_factory=list)


@dataclass
class Package:
    """What one community contracts for."""

    heading: str
    categories: list[Category] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    outside: list[str] = field(default_factory=list)
    """Lines of the document that are no clauses."""
    notes: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Its heading and everything outside its clauses."""
        return [line for line in (self.heading, *self.outside) if line]

    def clauses(self) -> list[Clause]:
        """Every clause, in order."""
        return [clause for category in self.categories for clause in category.clauses]


def packages_of(document: Document) -> list[Package]:
    """The packages of a document, each with its clauses.

    Raises:
        Refused: nothing in it looks like what a contract asks for.
    """
    parts = _split(document.blocks)
    packages: list[Package] = []
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
        package.facts = facts_of(package.heading, package.outside, clauses, everywhere)
    return packages


def _split(blocks: tuple[Block, ...]) -> list[tuple[str, list[Block]]]:
    """The blocks under each heading of a package; what stands before the first belongs to all."""
    parts: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if isinstance(block, str) and package_heading(block):
            parts.append((block, []))
        else:
            parts[-1][1].append(block)
    return parts


def _package(heading: str, blocks: list[Block]) -> list[Package]:
    """The package under one heading; tables that begin anew make a package each."""
    packages = [Package(heading)]
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines.append(block)
            continue
        for rows in rows_of(block):
            made = _from_rows(rows.rows)
            if _begins_anew(packages[-1], made):
                packages.append(Package(""))
            packages[-1].categories += made
            packages[-1].outside += rows.lines
    categories, outside = _from_lines(lines, packages[0].categories != [])
    if categories and packages[0].categories:
        packages[0].notes.append("表格和正文里都有指标，看一看有没有写重的")
    packages[0].categories += categories
    packages[0].outside += outside
    return packages


def _begins_anew(package: Package, made: list[Category]) -> bool:
    """Whether a table repeats the categories of the one before: another community's table."""
    names = [category.name for category in package.categories]
    again = [category.name for category in made]
    if not names or not again or names[0] != again[0]:
        return False
    shared = sum(name in names for name in again)
    return len(again) > 1 and shared * 2 >= len(again)


# -- tables -----------------------------------------------------------------------------------


def _from_rows(rows: list[GridRow]) -> list[Category]:
    categories: list[Category] = []
    last: GridRow | None = None
    for row in rows:
        goes_on = last is not None and row.category in ("", last.category)
        if not goes_on:
            name = read_mark(_one_line(row.category or row.content))[1]
            categories.append(Category(name[:40] or "服务内容"))
        category = categories[-1]
        if row.content and row.content not in category.content.split("\n"):
            category.content = f"{category.content}\n{row.content}".strip("\n")
        category.clauses += _clauses_in(row)
        last = row if row.category or last is None else last
    return [category for category in categories if category.clauses]


def _clauses_in(row: GridRow) -> list[Clause]:
    about = row.about or ""
    made: list[Clause] = []
    for line in row.lines:
        for piece in split_inline(line):
            mark, text = read_mark(piece)
            if not text:
                continue
            if mark is None and made and made[-1].mark and not _stands_alone(text):
                made[-1].text = f"{made[-1].text}{text}"
            elif mark is None and made and _goes_on(made[-1].text):
                made[-1].text = f"{made[-1].text}{text}"
            else:
                made.append(Clause(text, mark.said.strip() if mark else "", about))
    if row.extra and made:
        for extra in row.extra:
            made[-1].text = f"{made[-1].text}（{extra}）"
            made[-1].notes.append("括号里最后的话来自表格的另一列")
    if len(made) == 1 and not made[0].mark:
        made = [
            Clause(piece, "", about, list(made[0].notes)) for piece in _sentences(made[0].text)
        ]
    if row.composed:
        for clause in made:
            clause.notes.append("条款文字由表格的几列合成")
    return made


def _sentences(text: str) -> list[str]:
    """An unnumbered cell with several clauses between semicolons, or sentences with targets."""
    if "其中" in text or not _has_target(text):
        return [text]
    pieces = [piece for piece in re.split(r"(?<=[；;])\s*", text) if piece.strip()]
    if len(pieces) > 1:
        return pieces
    pieces = [piece for piece in re.split(r"(?<=。)\s*(?!（)", text) if piece.strip()]
    return pieces if all(_has_target(piece) for piece in pieces) else [text]


def _goes_on(text: str) -> bool:
    return len(text) >= 12 and text[-1:] not in "。；;：:！？)）"


def _stands_alone(text: str) -> bool:
    return _has_target(text) and len(text) > 6


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).strip()


# -- running text -------------------------------------------------------------------------------


def _from_lines(lines: list[str], has_table: bool) -> tuple[list[Category], list[str]]:
    """The sections of running text that hold tasks, and the lines outside them."""
    root = tree(_joined(lines))
    sections = _sections(root)
    if not sections and not has_table:
        sections = [root]
    taken: set[int] = set()
    categories: list[Category] = []
    for section in sections:
        made: list[Category] = []
        _collect(section, section.text or _title(root), made, taken)
        if any(_has_target(c.text) and re.search(r"\d", levelled(c.text)) for one in made for c in one.clauses) or len(sections) == 1:
            categories += [one for one in made if one.clauses]
    if not any(_has_target(c.text) for one in categories for c in one.clauses):
        categories = []
    kept = {clause.text for category in categories for clause in category.clauses}
    kept |= {category.content for category in categories} | {c.name for c in categories}
    outside = [node.text for node in root.walk() if node.text and node.text not in kept]
    return categories, outside


def _joined(lines: list[str]) -> list[str]:
    """Lines that were broken in mid-sentence, whole again."""
    whole: list[str] = []
    for line in lines:
        broken = whole and len(whole[-1]) >= 24 and re.search(r"[一-龥，、\d]$", whole[-1])
        if broken and read_mark(line)[0] is None:
            whole[-1] += line
        else:
            whole.append(line)
    return whole


def _title(root: Node) -> str:
    first = next((n.text for n in root.walk() if n.text), "")
    return first if len(first) <= 40 else "服务内容"


def _heading(node: Node) -> str:
    """The title of a node: all of a short line, or what stands before a colon."""
    head = re.split("[：:。]", node.text)[0]
    return head if len(head) <= 30 else ""


def _says(words: str, heading: str) -> bool:
    return lexicon().has(words, heading)


def _sections(root: Node) -> list[Node]:
    """The outermost sections whose heading speaks of tasks, nearest to the clauses."""
    found: list[Node] = []

    def look(node: Node) -> bool:
        """Whether a section was found at or below the node."""
        heading = _heading(node)
        leaf = not node.children
        if node.mark is not None and not leaf and _is_skipped(heading):
            return False
        below = [look(child) for child in node.children]
        if any(below):
            return True
        if node.mark is not None and not leaf and _says("sections", heading):
            found.append(node)
            return True
        return False

    look(root)
    if found:
        return found
    titled = [n for n in root.children if n.mark is not None and n.children]
    return [n for n in titled if not _is_skipped(_heading(n))] if len(titled) > 1 else []


def _is_skipped(heading: str) -> bool:
    return _says("not_sections", heading) and not _says("sections", heading)


def _collect(node: Node, name: str, categories: list[Category], taken: set[int]) -> None:
    """The clauses under a node: leaves are clauses, everything else a category."""
    category = Category(_one_line(_short(name)))
    categories.append(category)
    for child in node.children:
        if id(child) in taken:
            continue
        taken.add(id(child))
        if child.children and _is_skipped(_heading(child)):
            continue
        targeted = _has_target(child.text)
        plain_below = all(b.mark is None and not _has_target(b.text) for b in child.children)
        if child.children and plain_below and child.mark is not None:
            category.clauses.append(_whole_clause(child, targeted))
        elif child.children and not targeted and child.mark is not None:
            _collect(child, child.text, categories, taken)
            if categories[-1] is not category and node.children[-1] is not child:
                category = Category(category.name)
                categories.append(category)
        elif child.children:
            category.clauses.append(_clause(child))
            for below in child.children:
                if _is_theirs(below.text) or (below.mark is None and not _has_target(below.text)):
                    continue
                clause = _clause(below)
                clause.part = below.mark is not None
                category.clauses.append(clause)
        elif _is_theirs(child.text):
            continue  # what the buyer does is no indicator; its numbers are listed as outside
        elif child.mark is None and not targeted:
            plain = child.text
            if re.search("[：:]$", plain) or len(plain) <= 16:
                category = Category(_one_line(_short(plain.rstrip("：:"))))
                categories.append(category)
            else:
                category.content = f"{category.content}\n{plain}".strip("\n")
        else:
            category.clauses.append(_clause(child))


def _clause(node: Node) -> Clause:
    return Clause(node.text, node.mark.said.strip() if node.mark else "")


def _is_theirs(text: str) -> bool:
    buyers = tuple(lexicon().lists["buyers"])
    return text.startswith(buyers) and not lexicon().has("agencies", text)


def _whole_clause(node: Node, targeted: bool) -> Clause:
    """A clause whose text goes on in lines without a mark; what only follows it stays outside."""
    clause = _clause(node)
    for below in node.children:
        if targeted and not _goes_on(clause.text):
            break
        gap = "" if re.search(r"[，、：:。；（]$", clause.text) else "："
        clause.text = f"{clause.text}{gap}{below.text}"
    return clause


def _short(name: str) -> str:
    head = re.split("[：:。，]", name)[0].strip()
    return head[:40] or "服务内容"


def _has_target(text: str) -> bool:
    return any(is_amount(token) for token in tokens(levelled(text)))

