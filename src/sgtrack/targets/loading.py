"""Loads projects from target files and collects all problems in the files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from sgtrack.model.contract import (
    BriefPolicy,
    Category,
    Change,
    Clause,
    Extension,
    Indicator,
    Item,
    Kind,
    Pace,
    Per,
    Period,
    Project,
    Revision,
)
from sgtrack.model.errors import Problem, Refused
from sgtrack.model.file_names import is_portable
from sgtrack.model.units import UNITS, Measure
from sgtrack.targets.cache import list_target_files
from sgtrack.targets.contract_builder import WrittenContract, WrittenItem, read_contract
from sgtrack.targets.contract_rules import check_contract
from sgtrack.targets.file_format import ChangeFile, ItemFile

COVERAGE_UNIT = "类"
_Changes = list[tuple[ChangeFile, Change]]
"""Pairs of a change as written and as a model object, in the order they come into force."""
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""Pattern of a community's file name without the suffix."""
_EVIDENCE_BY_MEASURE = {
    Measure.OCCASIONS: ("签到表", "照片"),
    Measure.DISTINCT: ("名单",),
    Measure.WORKS: ("成果材料",),
    Measure.TIME: ("服务记录",),
    Measure.VISITS: ("服务记录",),
    Measure.MATERIAL: ("照片",),
}
"""Default kinds of evidence by measure.

If an item has units of several measures, the first measure in this table decides. An item that
counts both events and people therefore needs the evidence of an event.
"""


@dataclass(frozen=True)
class LoadedFolder:
    """The valid projects in a folder, and the problems in its files.

    ``written`` contains the projects' contracts as written in the files, in the same order.
    """

    projects: tuple[Project, ...]
    problems: tuple[Problem, ...]
    written: tuple[WrittenContract, ...] = ()


def load_folder(folder: Path) -> LoadedFolder:
    """Load the target files of all communities in a folder."""
    valid: list[tuple[Project, WrittenContract]] = []
    problems: set[Problem] = set()
    by_slug: dict[str, Path] = {}
    for path in list_target_files(folder):
        same_slug = by_slug.setdefault(path.stem, path)
        if same_slug is not path:
            problems.add(
                Problem(
                    f"{folder.name}/{path.name}",
                    1,
                    f"和 {same_slug.name} 是同一个社区代号",
                    "两个文件留一个，另一个移到别处",
                )
            )
            continue
        project, contract, file_problems = _load(path)
        problems.update(file_problems)
        if project is not None and contract is not None:
            valid.append((project, contract))
    return LoadedFolder(
        tuple(project for project, _ in valid),
        tuple(sorted(problems)),
        tuple(contract for _, contract in valid),
    )


def is_valid_slug(stem: str) -> bool:
    """Return whether a target file may have this name, without its extension, on every system."""
    return _SLUG.fullmatch(stem) is not None and is_portable(stem)


def load_file(path: Path) -> tuple[Project | None, list[Problem]]:
    """Load the target file of a community; the project is None if there is any problem."""
    project, _, problems = _load(path)
    return project, problems


def _load(path: Path) -> tuple[Project | None, WrittenContract | None, list[Problem]]:
    contract, sources = read_contract(path, path.parent.parent)
    problems = [problem for source in sources for problem in source.problems]
    if not is_valid_slug(path.stem):
        problems.append(
            Problem(
                sources[0].file,
                1,
                f"文件名“{path.stem}”不能当社区代号",
                "只用小写字母、数字和短横，如 sanli.yaml",
            )
        )
    if contract is not None:
        problems.extend(check_contract(contract))
    if contract is None or problems:
        return None, contract, problems
    return _project(path.stem, contract), contract, []


def require_valid(loaded: LoadedFolder) -> tuple[Project, ...]:
    """Return the projects, provided that there are no problems.

    Raises:
        Refused: there are problems; the message shows the first problem.
    """
    if loaded.problems:
        raise refusal(loaded.problems)
    return loaded.projects


def refusal(problems: tuple[Problem, ...] | list[Problem]) -> Refused:
    """Build the refusal for target files with problems; its message shows the first problem."""
    first = problems[0]
    return Refused(
        f"目标文件有 {len(problems)} 处问题：{first.file}:{first.line}  {first.message}",
        f"{first.remedy}。运行 sgtrack targets check 看全部问题",
    )


def _project(slug: str, contract: WrittenContract) -> Project:
    file = contract.community
    changes = [(c, Change(c.start, c.document, c.note)) for _, c in contract.changes]
    extensions: list[Extension] = []
    end = file.period.end
    for written, change in changes:
        if written.period_end is not None:
            extensions.append(Extension(change, end, written.period_end))
            end = written.period_end
    return Project(
        slug=slug,
        name=file.name,
        county=file.county,
        street=file.street,
        package=file.package,
        contract=file.contract,
        period=Period(file.period.start, contract.last_day),
        period_checked=file.period.checked,
        buyer=file.parties.buyer,
        agency=file.parties.agency,
        station=file.parties.station,
        brief=BriefPolicy(
            file.brief.title,
            file.brief.window_starts,
            tuple(file.brief.copies_to),
            tuple(file.brief.sent_to),
            tuple(file.brief.issued_to),
            file.brief.annex,
        ),
        pace=Pace(file.pace.on_track, file.pace.remind_days),
        categories=tuple(
            Category(
                category.code,
                category.file.name,
                category.file.content,
                tuple(
                    Clause(c.code, c.text, tuple(_item(item, c.code, changes) for item in c.items))
                    for c in category.clauses
                ),
            )
            for category in contract.categories
        ),
        changes=tuple(dict.fromkeys(change for _, change in changes)),
        extensions=tuple(extensions),
    )


def _revise(changes: _Changes, written: WrittenItem, indicator: Indicator, key: str) -> Indicator:
    """Return an indicator with all changes applied; ``key`` is its key in the target file."""
    revised: list[Revision] = []
    target = indicator.target
    added = ended = None
    for file, change in changes:
        if file is written.added_by:
            added = change
        if ended is None and written.code in file.end:
            ended = change
        amounts = getattr(file.targets.get(written.code), key, {})
        if target is not None and indicator.unit in amounts:
            revised.append(Revision(change, target, amounts[indicator.unit]))
            target = revised[-1].after
    return replace(indicator, target=target, revised=tuple(revised), added=added, ended=ended)


def _item(written: WrittenItem, clause: str, changes: _Changes) -> Item:
    file = written.file
    return Item(
        code=written.code,
        name=file.name,
        clause=clause,
        part_of=file.part_of,
        indicators=tuple(
            _revise(changes, written, indicator, key)
            for key, indicator in _indicators(written.code, file)
        ),
        records=tuple(file.records),
        series=file.series,
        sessions=file.sessions or 1,
        words=tuple(file.words),
        evidence=_evidence_of(file),
        usually=dict(file.usually),
        serves=tuple(dict.fromkeys(file.serves)),
        is_brief=file.brief,
        each=tuple(file.each.items()),
        once_per_person=file.once_per_person,
    )


def _indicators(code: str, file: ItemFile) -> Iterator[tuple[str, Indicator]]:
    """Yield every indicator of an item, each with its key in the target file."""
    for unit, target in file.total.items():
        yield "total", Indicator(code, Kind.TOTAL, unit, target)
    for key, per in (("monthly", Per.MONTH), ("quarterly", Per.QUARTER), ("yearly", Per.YEAR)):
        due_day = file.due_day if per is Per.MONTH else None
        amounts: dict[str, Decimal] = getattr(file, key)
        for unit, target in amounts.items():
            yield key, Indicator(code, Kind.PERIODIC, unit, target, per, due_day=due_day)
    for unit, target in file.per_person.items():
        role = file.role
        yield "per_person", Indicator(code, Kind.PER_PERSON, unit, target, Per.YEAR, role=role)
    if file.types:
        types = tuple(dict.fromkeys(file.types))
        number = Decimal(len(types))
        yield "types", Indicator(code, Kind.COVERAGE, COVERAGE_UNIT, number, types=types)
    if file.milestone:
        yield "milestone", Indicator(code, Kind.MILESTONE, due=file.due)


def _evidence_of(file: ItemFile) -> tuple[str, ...]:
    """Return the kinds of evidence that each activity of an item needs."""
    if file.evidence is not None:
        return tuple(dict.fromkeys(file.evidence))
    if file.brief:
        return ("简报",)
    if file.per_person:
        return ("签到表", "培训记录")
    if file.series:
        return ("服务记录",)
    if file.milestone:
        return ("证明材料",)
    units = (*file.total, *file.monthly, *file.quarterly, *file.yearly)
    measures = {UNITS[unit].measure for unit in units if unit in UNITS}
    defaults = (kinds for measure, kinds in _EVIDENCE_BY_MEASURE.items() if measure in measures)
    return next(defaults, ())
