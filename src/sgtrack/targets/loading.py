"""From target files to projects: every file is read, every problem collected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sgtrack.errors import Problem, Refused
from sgtrack.targets.contract import WrittenContract, WrittenItem, read_contract
from sgtrack.targets.evidence_needs import needs_of
from sgtrack.targets.file_format import ItemFile
from sgtrack.targets.files import target_files
from sgtrack.targets.model import (
    BriefPolicy,
    Category,
    Clause,
    Indicator,
    Item,
    Kind,
    Pace,
    Per,
    Period,
    Project,
)
from sgtrack.targets.rules import problems_of

COVERAGE_UNIT = "类"


@dataclass(frozen=True)
class Loaded:
    """The projects of a folder that are sound, and what is wrong with its files."""

    projects: tuple[Project, ...]
    problems: tuple[Problem, ...]


def load_folder(folder: Path) -> Loaded:
    """Read every community's file of a folder."""
    projects: list[Project] = []
    problems: set[Problem] = set()
    first: dict[str, Path] = {}
    for path in target_files(folder):
        twin = first.setdefault(path.stem, path)
        if twin is not path:
            problems.add(
                Problem(
                    f"{folder.name}/{path.name}",
                    1,
                    f"和 {twin.name} 是同一个社区代号",
                    "两个文件留一个，另一个移到别处",
                )
            )
            continue
        project, found = load_file(path)
        problems.update(found)
        if project is not None:
            projects.append(project)
    return Loaded(tuple(projects), tuple(sorted(problems)))


def load_file(path: Path) -> tuple[Project | None, list[Problem]]:
    """Read one community's file; the project is None where anything is wrong."""
    contract, sources = read_contract(path, path.parent.parent)
    problems = [problem for source in sources for problem in source.problems]
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", path.stem):
        problems.append(
            Problem(
                sources[0].file,
                1,
                f"文件名“{path.stem}”不能当社区代号",
                "只用小写字母、数字和短横，如 sanli.yaml",
            )
        )
    if contract is not None:
        problems.extend(problems_of(contract))
    if contract is None or problems:
        return None, problems
    return _project(path.stem, contract), []


def require_sound(loaded: Loaded) -> tuple[Project, ...]:
    """The projects, or a refusal that names the first problem and how to see the others."""
    if loaded.problems:
        raise refusal(loaded.problems)
    return loaded.projects


def refusal(problems: tuple[Problem, ...] | list[Problem]) -> Refused:
    """What to tell the officer when a target file cannot be used."""
    first = problems[0]
    return Refused(
        f"目标文件有 {len(problems)} 处问题：{first.file}:{first.line}  {first.message}",
        f"{first.remedy}。运行 sgtrack targets check 看全部问题",
    )


def _project(slug: str, contract: WrittenContract) -> Project:
    file = contract.community
    return Project(
        slug=slug,
        name=file.name,
        county=file.county,
        street=file.street,
        package=file.package,
        contract=file.contract,
        period=Period(file.period.start, file.period.end),
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
        ),
        pace=Pace(file.pace.on_track, file.pace.remind_days),
        categories=tuple(
            Category(
                category.code,
                category.file.name,
                category.file.content,
                tuple(
                    Clause(c.code, c.text, tuple(_item(item, c.code) for item in c.items))
                    for c in category.clauses
                ),
            )
            for category in contract.categories
        ),
    )


def _item(written: WrittenItem, clause: str) -> Item:
    file = written.file
    return Item(
        code=written.code,
        name=file.name,
        clause=clause,
        part_of=file.part_of,
        indicators=_indicators(written.code, file),
        records=tuple(file.records),
        series=file.series,
        sessions=file.sessions or 1,
        words=tuple(file.words),
        evidence=needs_of(file),
        is_brief=file.brief,
    )


def _indicators(code: str, file: ItemFile) -> tuple[Indicator, ...]:
    found = [Indicator(code, Kind.TOTAL, unit, target) for unit, target in file.total.items()]
    for per, amounts in (
        (Per.MONTH, file.monthly),
        (Per.QUARTER, file.quarterly),
        (Per.YEAR, file.yearly),
    ):
        due_day = file.due_day if per is Per.MONTH else None
        found += [
            Indicator(code, Kind.PERIODIC, unit, target, per, due_day=due_day)
            for unit, target in amounts.items()
        ]
    found += [
        Indicator(code, Kind.PER_PERSON, unit, target, Per.YEAR, role=file.role)
        for unit, target in file.per_person.items()
    ]
    if file.types:
        types = tuple(dict.fromkeys(file.types))
        found.append(
            Indicator(code, Kind.COVERAGE, COVERAGE_UNIT, Decimal(len(types)), types=types)
        )
    if file.milestone:
        found.append(Indicator(code, Kind.MILESTONE, due=file.due))
    return tuple(found)
