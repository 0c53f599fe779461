"""Joins a community's file with the shared contract it extends.

Every clause and item records its place in its file, so that each problem can name a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sgtrack.model.errors import Problem
from sgtrack.targets.file_format import (
    CategoryFile,
    ChangeFile,
    CommunityFile,
    ContractFile,
    ItemFile,
    validate,
)
from sgtrack.targets.yaml_source import Place, YamlSource, read_yaml


@dataclass(frozen=True)
class _WrittenPart:
    """A part of a contract, with its code, its target file and its place in that file."""

    code: str
    source: YamlSource
    place: Place

    def problem(self, keys: Place, message: str, remedy: str) -> Problem:
        """Build a problem at the place ``keys``, relative to the place of this part."""
        return self.source.problem((*self.place, *keys), message, remedy)


@dataclass(frozen=True)
class WrittenItem(_WrittenPart):
    """An item (服务项) as written in a file; ``added_by`` is the change that adds it, if any."""

    file: ItemFile
    added_by: ChangeFile | None = None


@dataclass(frozen=True)
class WrittenClause(_WrittenPart):
    """A clause as written in a file; its text and its items may come from different files."""

    text: str
    items: tuple[WrittenItem, ...]
    checked: bool = False


@dataclass(frozen=True)
class WrittenCategory(_WrittenPart):
    """A category as written in a file."""

    file: CategoryFile
    clauses: tuple[WrittenClause, ...]


@dataclass(frozen=True)
class WrittenContract:
    """The whole contract of a community as written in its files."""

    community: CommunityFile
    source: YamlSource
    categories: tuple[WrittenCategory, ...]

    @property
    def clauses(self) -> Iterator[WrittenClause]:
        """Every clause, in contract order."""
        return (clause for category in self.categories for clause in category.clauses)

    @property
    def items(self) -> Iterator[WrittenItem]:
        """Every item, in contract order."""
        return (item for clause in self.clauses for item in clause.items)

    def problem(self, code: str, keys: Place, message: str, remedy: str) -> Problem:
        """Build a problem at the place ``keys``, relative to the item or clause with this code.

        If an item and a clause have the same code, empty ``keys`` refer to the clause.
        """
        matches: list[WrittenItem | WrittenClause] = [
            *(item for item in self.items if keys and item.code == code),
            *(clause for clause in self.clauses if clause.code == code),
        ]
        return matches[0].problem(keys, message, remedy)

    def is_settled(self, code: str) -> bool:
        """Return whether a clause, given by its code or the code of an item, is marked checked."""
        return any(
            clause.checked
            for clause in self.clauses
            if code == clause.code or any(code == item.code for item in clause.items)
        )

    @property
    def sources(self) -> tuple[YamlSource, ...]:
        """The files of the contract: the community's own and the shared one, if any."""
        files = {self.source.file: self.source}
        files |= {category.source.file: category.source for category in self.categories}
        return tuple(files.values())

    @property
    def last_day(self) -> date:
        """The last day of the project after all changes."""
        ends = [change.period_end for _, change in self.changes if change.period_end]
        return ends[-1] if ends else self.community.period.end

    @property
    def changes(self) -> tuple[tuple[Place, ChangeFile], ...]:
        """The changes, each with its place, in the order they come into force."""
        placed = [(("changes", n), change) for n, change in enumerate(self.community.changes)]
        return tuple(sorted(placed, key=lambda placed_change: placed_change[1].start))


def read_contract(path: Path, root: Path) -> tuple[WrittenContract | None, list[YamlSource]]:
    """Read a community's file and the shared file it extends, if any.

    Args:
        path: the community's file.
        root: the folder; messages show file names relative to it.

    Returns:
        The contract, or None if a file is not valid. The list contains the files that were read,
            with their problems.
    """
    own = read_yaml(path, _display_name(path, root))
    community = validate(CommunityFile, own)
    if community is None:
        return None, [own]
    problem = _source_problem(community, own, path.parent)
    if problem is not None:
        own.problems.append(problem)
        return None, [own]
    files, sources = community.categories, [own]
    if community.extends is not None:
        shared_path = (path.parent / community.extends).resolve()
        sources.append(read_yaml(shared_path, _display_name(shared_path, root)))
        contract = validate(ContractFile, sources[-1])
        if contract is None:
            return None, sources
        files = contract.categories
    categories = _categories(files, sources[-1], community, own)
    written = WrittenContract(community, own, _with_added(categories, community, own))
    clause_codes = {clause.code for clause in written.clauses}
    for code in community.differs:
        if code not in clause_codes:
            own.report(("differs", code), f"共有条款里没有 {code}", "改成已有的条款编号")
    return written, sources


def _display_name(path: Path, root: Path) -> str:
    path, root = path.resolve(), root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _source_problem(community: CommunityFile, own: YamlSource, folder: Path) -> Problem | None:
    """Return the first fault in ``extends``, ``categories`` or ``differs``, or None.

    A community must either list its own categories or extend a shared file.
    """
    if community.extends is None:
        if not community.categories:
            return own.problem(
                (), "没有写服务类别", "写 categories，或用 extends 指明共有条款的文件"
            )
        if community.differs:
            return own.problem(
                ("differs",), "写了 differs，却没有 extends", "条款直接在 categories 里改"
            )
        return None
    if community.categories:
        return own.problem(
            ("categories",),
            "extends 和 categories 写了两样",
            "留下一样；个别不同的条款写在 differs 下",
        )
    shared = (folder / community.extends).resolve()
    if not shared.is_relative_to(folder.resolve()):
        return own.problem(
            ("extends",), "extends 指到了 targets 文件夹外面", "共有文件放在 targets/shared/ 下"
        )
    if not shared.is_file():
        return own.problem(
            ("extends",), f"找不到文件 {community.extends}", "检查文件名，路径从 targets 文件夹算起"
        )
    return None


def _categories(
    files: list[CategoryFile], source: YamlSource, community: CommunityFile, own: YamlSource
) -> tuple[WrittenCategory, ...]:
    """Build the categories of a contract, with the file and the place of each part.

    A clause that ``community`` lists under ``differs`` replaces the text of the shared clause. It
    also replaces the items, if it lists any.
    """
    categories = []
    for c, category in enumerate(files):
        place: Place = ("categories", c)
        clauses = []
        for n, clause in enumerate(category.clauses):
            at: Place = (*place, "clauses", n)
            text, items, items_source, items_at = clause.text, clause.items, source, (*at, "items")
            text_source, text_at = source, at
            if clause.code in community.differs:
                changed = community.differs[clause.code]
                text, text_source, text_at = changed.text, own, ("differs", clause.code)
                if changed.items is not None:
                    items, items_source, items_at = changed.items, own, (*text_at, "items")
            written = tuple(
                WrittenItem(item.code or clause.code, items_source, (*items_at, i), item)
                for i, item in enumerate(items)
            )
            clauses.append(
                WrittenClause(clause.code, text_source, text_at, text, written, clause.checked)
            )
        categories.append(WrittenCategory(category.code, source, place, category, tuple(clauses)))
    return tuple(categories)


def _with_added(
    categories: tuple[WrittenCategory, ...], community: CommunityFile, own: YamlSource
) -> tuple[WrittenCategory, ...]:
    """Add the items and clauses of every change; report those under an unknown category."""
    extended = list(categories)
    codes = [category.code for category in categories]
    for c, change in enumerate(community.changes):
        for n, added in enumerate(change.add):
            place: Place = ("changes", c, "add", n)
            category_code = added.clause.rpartition(".")[0]
            if category_code not in codes:
                own.report(
                    (*place, "clause"),
                    f"条款 {added.clause} 不在合同的服务类别之下",
                    "写已有的条款，或在已有的类别下接着编号，如 7.6",
                )
                continue
            items = tuple(
                WrittenItem(item.code or added.clause, own, (*place, "items", i), item, change)
                for i, item in enumerate(added.items)
            )
            category = extended[codes.index(category_code)]
            clauses = _with_items(category.clauses, added.clause, added.text, items, own, place)
            extended[codes.index(category_code)] = replace(category, clauses=clauses)
    return tuple(extended)


def _with_items(
    clauses: tuple[WrittenClause, ...],
    code: str,
    text: str,
    items: tuple[WrittenItem, ...],
    own: YamlSource,
    place: Place,
) -> tuple[WrittenClause, ...]:
    existing = next((clause for clause in clauses if clause.code == code), None)
    if existing is None:
        return (*clauses, WrittenClause(code, own, place, text, items))
    if text:
        own.report((*place, "text"), f"条款 {code} 已经有原文", "删掉这里的 text，或用新的条款编号")
    return tuple(
        replace(clause, items=(*clause.items, *items)) if clause is existing else clause
        for clause in clauses
    )
