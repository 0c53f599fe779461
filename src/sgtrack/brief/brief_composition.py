"""Pure functions that compose the texts of a monthly brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sgtrack.brief.brief_context import BriefContext, Corrected, Done, Row, Section, bar
from sgtrack.brief.brief_material import BriefMaterial, is_service, printed_title
from sgtrack.brief.narrative import compose_work
from sgtrack.brief.page_length import left_on_pages
from sgtrack.brief.photo_rows import arrange_photos
from sgtrack.brief.plans import compose_plans
from sgtrack.brief.problems import compose_problems
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.model.issued import Correction, IndicatorKey
from sgtrack.model.units import amount_words, plain
from sgtrack.model.wording import day_words, full_day
from sgtrack.progress.conditions import shortfalls
from sgtrack.progress.indicator_progress import CategoryProgress, Progress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import (
    STATE_ON_SCREEN,
    change_words,
    states_words,
    target_words,
)
from sgtrack.progress.tally import ONE, ZERO

TO_FILL_IN = "待填"
_MOST_FINISHED = 3
"""Maximum number of items named as finished this month."""
_NOTHING, _UNMOVED = "0", "—"
_MOST_MOVED = 15
"""Number of rows from which the table of changes leaves out items that only need attention."""
_BY_URGENCY = (State.OVERDUE, State.BEHIND, State.ON_TRACK, State.DONE, State.ENDED)
_SUMS = (("人次", "服务居民"), ("户次", "走访排查"), ("份", "发放资料"))
"""The units that the overview sums over all services, with their words."""


def compose(month: BriefMaterial) -> BriefContext:
    """Compose the texts of a brief."""
    project, window, now = month.project, month.window, month.now
    gains = month.gains
    photos = arrange_photos(month)
    work = compose_work(month, photos)
    needing = tuple(_rows_needing_attention(month, gains))
    moved = _choose_rows(month, needing)
    overview = _overview(month, gains)
    problems, causes = compose_problems(month)
    texts = month.texts
    paragraphs = [*overview, *(section.heading + section.text for section in work), *problems]
    for heading in ("特色亮点", "感谢及其他"):
        paragraphs += texts.under(heading)
    room = left_on_pages([*paragraphs, *causes], rows=len(moved), photo_rows=len(photos.rows))
    return BriefContext(
        title=project.brief.title,
        number=window.number,
        month=f"{window.year}年{window.month}月{'（补充）' if window.is_supplement else ''}",
        window=f"{full_day(month.since)}至{full_day(now.as_of)}",
        community=project.full_name,
        package=project.package or f"采购包{TO_FILL_IN}",
        agency=project.agency or f"编印单位{TO_FILL_IN}",
        date=full_day(month.today),
        copies_to="，".join(project.brief.copies_to) or TO_FILL_IN,
        percent=f"{now.percent}%",
        overview=overview,
        sections=tuple(_section(category, gains) for category in now.categories),
        activities=tuple(
            done(project, entry) for entry in month.services if entry not in month.late
        ),
        problems=problems,
        plans=compose_plans(month, room),
        late=tuple(done(project, entry) for entry in month.late),
        corrections=tuple(_corrected(project, change) for change in month.corrections),
        code=month.code,
        recipients=_recipients(project),
        pace=month.pace,
        pictured=photos.rows,
        work=work,
        moved=moved,
        moved_left_out=len(needing) - len(moved),
        highlights=texts.under("特色亮点"),
        causes=causes,
        closing=texts.under("感谢及其他"),
        annex=month.annex,
        photos_left_out=photos.left_out,
    )


def _recipients(project: Project) -> tuple[str, ...]:
    """Write a line for each group of recipients: 报 (superiors), 送 (equals), 发 (subordinates)."""
    brief = project.brief
    lists = (("报", brief.copies_to), ("送", brief.sent_to), ("发", brief.issued_to))
    lines = tuple(f"{how}：{'，'.join(offices)}。" for how, offices in lists if offices)
    return lines or (f"报：{TO_FILL_IN}",)


def _section(category: CategoryProgress, gains: Mapping[IndicatorKey, Decimal]) -> Section:
    return Section(
        code=category.category.code,
        name=category.category.name,
        percent=f"{category.percent}%",
        rows=tuple(_row(progress, gains) for progress in category.indicators),
    )


def _row(now: Progress, gains: Mapping[IndicatorKey, Decimal]) -> Row:
    return Row(
        code=now.item.code,
        name=now.item.name,
        target=target_words(now.indicator),
        month=kind_of(now.indicator).gain_words(gains[now.indicator.key], now.indicator),
        total=kind_of(now.indicator).total_words(now),
        percent=f"{now.percent}%",
        bar=bar(now.percent),
        state=STATE_ON_SCREEN[now.state],
    )


def _choose_rows(month: BriefMaterial, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Choose all rows that changed, and the most urgent other rows while there is space."""
    by_urgency = list(dict.fromkeys(progress.item.code for progress in month.now.attention))
    still = [row for row in rows if row.month == _UNMOVED]
    still.sort(key=lambda row: by_urgency.index(row.code))
    left_out = still[max(_MOST_MOVED - (len(rows) - len(still)), 0) :]
    return tuple(row for row in rows if row not in left_out)


def _rows_needing_attention(
    month: BriefMaterial, gains: Mapping[IndicatorKey, Decimal]
) -> Iterator[Row]:
    """Yield a row for each item with an indicator that moved, is overdue or is due soon.

    The units of an item stand side by side, with the range of their percentages and the most
    urgent of their states.
    """
    rows: dict[str, list[tuple[Progress, Row]]] = {}
    for progress in month.now.indicators:
        row = _row(progress, gains)
        is_urgent = progress.state is State.OVERDUE or (
            progress.near and progress.state in (State.BEHIND, State.ON_TRACK)
        )
        if not progress.item.is_brief and (row.month != _NOTHING or is_urgent):
            shown = replace(row, month=_UNMOVED) if row.month == _NOTHING else row
            rows.setdefault(row.code, []).append((progress, shown))
    for some in rows.values():
        shares = sorted(progress.percent for progress, _ in some)
        urgent = min((progress.state for progress, _ in some), key=_BY_URGENCY.index)
        yield replace(
            some[0][1],
            target="、".join(row.target for _, row in some),
            month="、".join(dict.fromkeys(row.month for _, row in some)),
            total="、".join(_distinct([row.total for _, row in some])),
            percent="～".join(f"{share}%" for share in dict.fromkeys((shares[0], shares[-1]))),
            state=STATE_ON_SCREEN[urgent],
        )


def _distinct(totals: list[str]) -> Iterator[str]:
    """Yield totals, except a total that a later one repeats: 1次 before 1次（1/2期达标）."""
    for n, total in enumerate(totals):
        later = totals[n + 1 :]
        if not any(other == total or other.startswith(f"{total}（") for other in later):
            yield total


def _overview(month: BriefMaterial, gains: Mapping[IndicatorKey, Decimal]) -> tuple[str, ...]:
    """Write the paragraph on the month, then one on corrections and one on contract changes."""
    project, now, services = month.project, month.now, month.services
    late = [entry for entry in services if entry in month.late]
    short = [e for e in services if e.activity.item in shortfalls(project, e.activity)]
    notes = [f"含补记{len(late)}次"] if late else []
    if short:
        notes.append(f"其中{len(short)}次未达到合同对每次活动的要求，不计入指标")
    count = len(services)
    noted = f"（{'；'.join(notes)}）" if notes else ""
    parts = [f"开展服务活动{count}次{noted}" if count else "未开展服务活动"]
    own = [sums for code, sums in month.amounts_by_item().items() if is_service(project, code)]
    for unit, words in _SUMS:
        amount = sum((sums.get(unit, ZERO) for sums in own), ZERO)
        if amount > 0:
            parts.append(f"{words}{plain(amount)}{unit}")
    finished = _finished(month, gains)
    corrected = len(month.corrections)
    states = states_words(now)
    elapsed = f"（时间进度{now.elapsed}%），"
    return (
        f"本月{'，'.join(parts)}。截至{day_words(now.as_of)}，"
        f"{states.replace('，', elapsed, 1)}{finished}。",
        *([f"本月更正以前各期已报的记录{corrected}条，差额已计入本期数据。"] if corrected else []),
        *(f"合同变更：{words}。" for words in change_words(project, month.window.period)),
    )


def _finished(month: BriefMaterial, gains: Mapping[IndicatorKey, Decimal]) -> str:
    """Name the indicators that reached their target this month."""
    names = [
        progress.item.name
        for progress in month.now.indicators
        if progress.state is State.DONE
        and gains[progress.indicator.key] > 0
        and not progress.item.is_brief
        and month.before.get(progress.indicator.key, ZERO) < (progress.indicator.target or ONE)
    ]
    listed = "、".join(list(dict.fromkeys(names))[:_MOST_FINISHED])
    return f"，本月新完成{listed}{'等' if len(names) > 1 else ''}{len(names)}项" if names else ""


def done(project: Project, entry: Entry) -> Done:
    """Compose the texts of one activity in a document, such as date, place and amounts."""
    activity = entry.activity
    name = _name(project, activity)
    return Done(
        date=day_words(activity.day),
        item=name,
        title=printed_title(project, activity),
        place=activity.place,
        amounts=amount_words(activity.amounts),
        note=activity.shown_note,
        reason=entry.late_reason or entry.reason,
    )


def _name(project: Project, activity: Activity) -> str:
    item = project.items.get(activity.item)
    return item.name if item else activity.item


def _corrected(project: Project, correction: Correction) -> Corrected:
    old = correction.old.activity
    if correction.new is None:
        before, after = amount_words(old.amounts), "作废"
    else:
        before, after = _difference(project, old, correction.new.activity)
    name = _name(project, old)
    return Corrected(
        day_words(old.day), name, printed_title(project, old), before, after, correction.reason
    )


def _difference(project: Project, old: Activity, new: Activity) -> tuple[str, str]:
    """Return the changed values before and after a correction, without names of people."""
    pairs = [
        (day_words(old.day), day_words(new.day)),
        (_name(project, old), _name(project, new)),
        (amount_words(old.amounts), amount_words(new.amounts)),
        (printed_title(project, old), printed_title(project, new)),
        (old.activity_type, new.activity_type),
        ("、".join(old.also), "、".join(new.also)),
    ]
    differing = [(was or "无", now or "无") for was, now in pairs if was != now]
    if not differing:
        return "其他内容", "已更正"
    return "，".join(was for was, _ in differing), "，".join(now for _, now in differing)
