"""The use case of ``demo``: log half a year of invented activities in a temporary workspace.

Every run logs the same activities, marked 示例数据.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sgtrack.clock import VARIABLE
from sgtrack.evidence.evidence_store import evidence_writer
from sgtrack.ledger.append import add
from sgtrack.ledger.roster_records import add_people
from sgtrack.model.contract import Item, Kind, Per, Project
from sgtrack.model.entries import Activity, Evidence, Origin, Person
from sgtrack.model.units import UNITS, Measure, is_distinct
from sgtrack.recovery.backups import writing
from sgtrack.targets.loading import load_folder, require_valid
from sgtrack.workspace import DATABASE_VARIABLE, Workspace, make_workspace

MARK = "示例数据"
LAST_DAY = date(2026, 6, 24)
_UNPROVEN = 0.2
"""The approximate share of activities without evidence, from 0 to 1."""
_PLACES = ("社区广场", "党群服务中心", "社工室", "居民小区", "文化院坝")
_WORKERS = ("示例甲", "示例乙", "示例丙", "示例丁")


def run_demo(run: Callable[[list[str]], object]) -> Iterator[str]:
    """Log invented activities in a new workspace, run commands there, and yield texts to show.

    ``run`` runs an sgtrack command; its argument is the list of command-line arguments.
    """
    workspace = make_workspace(Path(tempfile.mkdtemp(prefix="sgtrack-demo-")) / MARK)
    # With the mark in its title, nobody mistakes a brief for a real one.
    for path in workspace.targets.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        marked = text.replace("工作简报\n", f"工作简报（{MARK}）\n", 1)
        path.write_text(marked, encoding="utf-8")
    projects = require_valid(load_folder(workspace.targets))
    for project in projects:
        count = log_half_year(workspace, project)
        yield f"{project.full_name}：记了 {count} 次活动（{MARK}）"
    os.environ[VARIABLE] = LAST_DAY.isoformat()
    # The commands below must read the new workspace, not a shared database.
    os.environ.pop(DATABASE_VARIABLE, None)
    first = projects[-1].slug
    for words in (
        ["status", "-c", first],
        ["due", "-c", first],
        ["brief", "--month", "2026-06"],
        ["report", "midterm", "-c", first],
        ["dossier", "-c", first],
    ):
        yield f"\n> sgtrack {' '.join(words)}"
        run(["--home", str(workspace.root), *words])
    home = f"sgtrack --home {workspace.root}"
    yield (
        f"\n接着试试（这些都是{MARK}，文件夹可以随时删掉）：\n"
        f"  {home} status 7 -c {first}\n"
        f"  {home} explain 7.3 -c {first}\n"
        f"  {home} log 殡葬 80人次 100份 -d {LAST_DAY} -t 惠民殡葬进小区 -c {first}"
    )


def log_half_year(workspace: Workspace, project: Project) -> int:
    """Log a community's invented activities up to ``LAST_DAY``, and return their number."""
    chance = random.Random(f"sgtrack {project.slug}")  # noqa: S311 - not for security
    activities = sorted(half_year(project, chance), key=lambda activity: activity.day)
    roster = [
        Person("", project.slug, name, "社区工作者", project.period.start) for name in _WORKERS
    ]
    with (
        writing(workspace.ledger) as transaction,
        evidence_writer(workspace.evidence, transaction.after_commit) as store,
    ):
        add_people(transaction, roster, _origin(project.period.start, 8))
        for n, activity in enumerate(activities):
            needs = project.needs_of(activity.item) if chance.random() > _UNPROVEN else ()
            evidence = []
            for kind in needs:
                words = f"{MARK}：{activity.day} {activity.item} {activity.title} {kind} {n}\n"
                stored = store.store_content(f"{MARK} {kind}.txt", words.encode("utf-8"))
                evidence.append(Evidence("", stored.sha256, stored.size, stored.name, kind))
            origin = _origin(activity.day, 9 + n % 9)
            add(transaction, activity, origin, again=True, evidence=tuple(evidence))
    return len(activities)


def half_year(project: Project, chance: random.Random) -> Iterator[Activity]:
    """Yield half a year of invented activities for the items of a contract."""
    for item in project.items.values():
        first = item.indicators[0]
        match first.kind:
            case Kind.MILESTONE:
                if not item.code.startswith("10."):
                    yield _activity(project, item, chance, _day(project, chance), {})
            case Kind.PERIODIC:
                yield from _periodic(project, item, chance)
            case Kind.PER_PERSON:
                for _ in range(5):
                    hours = Decimal(chance.choice(("1.5", "2", "2.5", "3")))
                    names = tuple(n for n in _WORKERS if chance.random() > 0.25) or _WORKERS[:1]
                    amounts, day = {"学时": hours}, _day(project, chance)
                    yield _activity(
                        project, item, chance, day, amounts, names=names, title="业务培训"
                    )
            case _:
                yield from _totals(project, item, chance)


def _periodic(project: Project, item: Item, chance: random.Random) -> Iterator[Activity]:
    indicator = item.indicators[0]
    for month in range(1, LAST_DAY.month + 1):
        due = indicator.per is Per.MONTH or month % 3 == 2
        is_done = indicator.due_day is not None or chance.random() > 0.2
        day = date(2026, month, 24 if indicator.due_day else chance.randint(2, 20))
        if due and is_done and day <= LAST_DAY:
            yield _activity(project, item, chance, day, {indicator.unit or "": Decimal(1)})


def _totals(project: Project, item: Item, chance: random.Random) -> Iterator[Activity]:
    """Yield invented activities that reach part of the targets, usually 30% to 75%."""
    targets = {
        i.unit or "": i.target or Decimal(1) for i in item.indicators if i.kind is Kind.TOTAL
    }
    pace = chance.uniform(0.3, 0.75)
    times = _times(item, targets, chance)
    for n in range(max(1, round(times * pace))):
        amounts = {
            unit: Decimal(1)
            if UNITS[unit].implied and unit != "个"
            else max(Decimal(1), (target / times * Decimal(chance.uniform(0.7, 1.3))).quantize(1))
            for unit, target in targets.items()
        }
        title, names, kind = "", tuple[str, ...](), ""
        if item.series:
            title, amounts = f"{item.name}{'一二三四五六七八九十'[n % 10]}", {"个": Decimal(1)}
        if any(is_distinct(unit) for unit in amounts) and item.types:
            names, kind = (f"示例队{n + 1}",), item.types[n % len(item.types)]
            amounts = dict.fromkeys(amounts, Decimal(1))
        day = _day(project, chance)
        yield _activity(project, item, chance, day, amounts, names=names, title=title, kind=kind)


def _times(item: Item, targets: dict[str, Decimal], chance: random.Random) -> int:
    if item.types:
        return int(max(targets.values()))
    occasions = [
        int(target)
        for unit, target in targets.items()
        if UNITS[unit].measure in (Measure.OCCASIONS, Measure.WORKS)
    ]
    return min(*occasions, 12) if occasions else chance.randint(6, 12)


def _activity(
    project: Project,
    item: Item,
    chance: random.Random,
    day: date,
    amounts: dict[str, Decimal],
    *,
    names: tuple[str, ...] = (),
    title: str = "",
    kind: str = "",
) -> Activity:
    return Activity(
        community=project.slug,
        item=item.code,
        day=day,
        title=title or item.name,
        place=chance.choice(_PLACES),
        activity_type=kind,
        note=MARK,
        amounts=amounts,
        participants=names,
    )


def _day(project: Project, chance: random.Random) -> date:
    span = (LAST_DAY - project.period.start).days
    return project.period.start + timedelta(days=chance.randint(6, span))


def _origin(day: date, hour: int) -> Origin:
    at = datetime(day.year, day.month, day.day, hour).astimezone()
    return Origin(at, MARK, f"sgtrack demo（{MARK}）")
