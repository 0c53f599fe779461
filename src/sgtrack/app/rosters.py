"""The use cases of ``people``: change and list the rosters, and write training records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sgtrack.app.context import AppContext
from sgtrack.app.snapshot import Snapshot
from sgtrack.entry.text_cleaning import clean_name, clean_names, clean_reason
from sgtrack.model.contract import Project
from sgtrack.model.entries import EntryFilter, Person
from sgtrack.model.errors import Refused
from sgtrack.outputs import write_outputs
from sgtrack.privacy.office_encryption import ReadPassword
from sgtrack.progress.kinds.per_person_kind import PersonProgress, compute_person_progress
from sgtrack.progress.tally import tally
from sgtrack.recovery.backups import writing
from sgtrack.sheets.roster_table import parse_person, read_people
from sgtrack.sheets.table_reader import read_tables
from sgtrack.store.opening import open_ledger

if TYPE_CHECKING:
    from sgtrack.report.training_record import TrainingRecord


@dataclass(frozen=True, slots=True)
class CommunityRoster:
    """The people on the rosters of a community, and their progress in per-person indicators."""

    project: Project
    people: tuple[Person, ...]
    progress: tuple[PersonProgress, ...]


def add_people(
    context: AppContext, community: str | None, names: list[str], role: str, since: str | None
) -> tuple[Project, int]:
    """Add people to a roster; return the community and the number of added people.

    Raises:
        Refused: no name is given, or a name, the role or the day is not valid.
    """
    project = context.project(community)
    people = [
        parse_person(project, name, role, since, context.today) for name in clean_names(names)
    ]
    if not people:
        raise Refused("没有写姓名", "如 sgtrack people add 甲 乙")
    return _append(context, project, people)


def import_people(
    context: AppContext,
    community: str | None,
    file: Path,
    role: str,
    read_password: ReadPassword,
    *,
    dry_run: bool,
) -> tuple[Project, int]:
    """Add all people in an Excel or CSV file to a roster.

    Return the community and the number of people. With ``dry_run`` the people are only checked.
    ``read_password`` asks for the password of the file if it has one.

    Raises:
        Refused: the file cannot be read, or a row is not valid; nothing was written.
    """
    project = context.project(community)
    people = read_people(project, read_tables(file, read_password)[0], role, context.today)
    return _append(context, project, people, dry_run=dry_run)


def void_person(
    context: AppContext, community: str | None, name: str, role: str, reason: str
) -> Project:
    """Void the person with this name and role on a roster, and return the community.

    Raises:
        Refused: the roster does not contain the name, or the reason is missing.
    """
    project = context.project(community)
    reason = clean_reason(reason, "去掉", "名字写错")
    # SQLModel takes half a second to load, and ``people list`` does not need it.
    from sgtrack.ledger import roster_records

    with open_ledger(context.workspace.ledger) as ledger:
        with context.snapshot(ledger) as snapshot:
            _find_person(snapshot, project, name, role)
        with writing(ledger) as transaction:
            snapshot = context.snapshot_of(transaction.fresh_db())
            person = _find_person(snapshot, project, name, role)
            roster_records.void_person(transaction, person, context.origin(), reason)
    return project


def record_leaving(
    context: AppContext, community: str | None, names: list[str], role: str, on: str | None
) -> tuple[Project, int, date]:
    """Record the last day of people on a roster, today if ``on`` is None.

    Return the community, the number of people and the day.

    Raises:
        Refused: the roster does not contain a name, or the person joined after that day.
    """
    project = context.project(community)
    day = context.day(on, project)
    cleaned = clean_names(names)
    # SQLModel takes half a second to load, and ``people list`` does not need it.
    from sgtrack.ledger import roster_records

    with open_ledger(context.workspace.ledger) as ledger:
        with context.snapshot(ledger) as snapshot:
            _find_leaving(snapshot, project, cleaned, role, day)
        with writing(ledger) as transaction:
            snapshot = context.snapshot_of(transaction.fresh_db())
            for person in _find_leaving(snapshot, project, cleaned, role, day):
                roster_records.set_last_day(transaction, person, day, context.origin())
    return project, len(cleaned), day


def _find_leaving(
    snapshot: Snapshot, project: Project, names: Sequence[str], role: str, day: date
) -> tuple[Person, ...]:
    people = tuple(_find_person(snapshot, project, name, role) for name in names)
    for number, person in enumerate(people, start=1):
        if person.since > day:
            raise Refused(
                f"第 {number} 个人从 {person.since} 起才在{role}名册里，最后一天不能是 {day}",
                "检查 --on 的日期；登记错的用 sgtrack people void 去掉",
            )
    return people


def _find_person(snapshot: Snapshot, project: Project, name: str, role: str) -> Person:
    """Return the person with a name and a role who joined the roster last."""
    same = [
        person
        for person in snapshot.roster(project.slug)
        if (clean_name(person.name), person.role) == (clean_name(name), role)
    ]
    if not same:
        raise Refused(f"{role}名册里没有这个姓名", "用 sgtrack people list --with-names 查看")
    return max(same, key=lambda person: person.since)


def list_people(context: AppContext, community: str | None) -> tuple[CommunityRoster, ...]:
    """List the rosters of the chosen communities, with each person's unmasked name and progress."""
    projects = context.projects(community)
    rosters = []
    with context.snapshot() as snapshot:
        for project in projects:
            figures = snapshot.figures(project, context.today)
            progress = compute_person_progress(project, tally(project, figures), context.today)
            rosters.append(CommunityRoster(project, figures.roster, tuple(progress)))
    return tuple(rosters)


def read_training(
    context: AppContext, projects: Sequence[Project], as_of: str | None, *, with_names: bool
) -> tuple[TrainingRecord, ...]:
    """Compose the training record of each per-person indicator of the communities.

    Raises:
        Refused: no contract has a per-person indicator, or the day is invalid or in the future.
    """
    # This import is slow, and the other commands on rosters do not need it.
    from sgtrack.report.training_record import compose_training_records

    days = [context.past_day(as_of, project) for project in projects]
    records: list[TrainingRecord] = []
    with context.snapshot() as snapshot:
        for project, day in zip(projects, days, strict=True):
            entries = snapshot.entries(EntryFilter((project.slug,), end=day))
            figures = snapshot.figures(project, day)
            records += compose_training_records(
                project, figures, entries, day, with_names=with_names
            )
        masked = snapshot.mask(tuple(records), with_names=with_names)
    if not masked:
        raise Refused("合同里没有按每个人计的指标", "目标文件里用 per_person 写")
    return masked


def write_training(
    context: AppContext, community: str | None, as_of: str | None, path: Path, *, with_names: bool
) -> None:
    """Write the training records of one community to an Excel, Word or Markdown file.

    Raises:
        Refused: the file has another format, or there are several records and the format is not
            Excel.
    """
    # These imports load Jinja and the Excel writer, which the other commands do not need.
    from sgtrack.brief.rendering import FORMATS, render_document
    from sgtrack.report.training_record import write_training_workbook

    records = read_training(context, (context.project(community),), as_of, with_names=with_names)
    extension = path.suffix.lower().removeprefix(".")
    if extension == "xlsx":
        content = write_training_workbook(records)
    elif extension not in FORMATS:
        raise Refused(f"不能写成“{path.suffix}”文件", "文件名以 .xlsx、.docx 或 .md 结尾")
    elif len(records) > 1:
        raise Refused(
            f"有 {len(records)} 份培养记录，一个 {path.suffix} 文件只能写一份", "写成 .xlsx"
        )
    else:
        templates = context.workspace.templates
        values = asdict(records[0])
        content = render_document("training", templates, values, (extension,))[extension]
    write_outputs(context.workspace, {path: content})


def _append(
    context: AppContext, project: Project, people: list[Person], *, dry_run: bool = False
) -> tuple[Project, int]:
    # SQLModel takes half a second to load, and ``people list`` does not need it.
    from sgtrack.ledger import roster_records

    with writing(context.workspace.ledger, dry_run=dry_run) as transaction:
        roster_records.add_people(transaction, people, context.origin())
    return project, len(people)
