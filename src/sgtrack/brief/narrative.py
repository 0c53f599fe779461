"""The part of a brief on the work of the month, by category of services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sgtrack.brief.brief_context import ORDINALS, WorkSection
from sgtrack.brief.brief_material import CASE, BriefMaterial, own_texts, printed_title
from sgtrack.brief.photo_rows import PhotoRows
from sgtrack.model.contract import Item, Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.model.issued import IndicatorKey
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.model.wording import day_words
from sgtrack.progress.kinds import kind_of

_BEGUN = ("开展", "举办", "召开", "组织", "举行", "进行")
_DONE = ("链接", "协助", "走访", "探访", "看望", "慰问", "参加")
"""Titles that begin with these verbs need no 开展, unless they name an activity: 慰问活动."""
_NAMES = ("活动", "服务", "行动", "工作")


@dataclass(frozen=True, slots=True)
class _Work:
    """The texts on the work in a category; ``places`` are the indexes of its rows of photos."""

    name: str
    summary: str
    activities: str
    places: tuple[int, ...] = ()


def compose_work(month: BriefMaterial, photos: PhotoRows) -> tuple[WorkSection, ...]:
    """Write a paragraph for each category: amounts, then the notable activities.

    Activities with an effect, a note or photos are notable. Several categories without effects and
    photos share a paragraph at the end.
    """
    told: list[_Work] = []
    short: list[_Work] = []
    gains, logged = month.gains, month.amounts_by_item()
    items = Counter(entry.activity.item for entry in month.entries)
    for category in month.project.categories:
        codes = {item.code for item in category.items if not item.is_brief}
        summary = _amounts_sentence(month, gains, logged, category.items)
        entries = [
            entry
            for entry in month.entries
            if entry.activity.item in codes and (_own_words(entry) or entry.id in photos.pictured)
        ]
        activities = "".join(
            activity_words(
                month.project,
                entry,
                is_late=entry in month.late,
                with_amounts=items[entry.activity.item] > 1,
            )
            for entry in entries
        )
        if summary or activities:
            places = photos.places.get(category.code, ())
            is_told = places or any(entry.effect for entry in entries)
            (told if is_told else short).append(_Work(category.name, summary, activities, places))
    if told and len(short) > 1:
        summary = "；".join(work.summary for work in short if work.summary)
        short = [_Work("其他工作", summary, "".join(work.activities for work in short))]
    return tuple(
        WorkSection(
            f"（{ORDINALS[n]}）{work.name}。",
            (f"{work.summary}。" if work.summary else "") + work.activities,
            work.places,
        )
        for n, work in enumerate([*told, *short])
    )


def _amounts_sentence(
    month: BriefMaterial,
    gains: Mapping[IndicatorKey, Decimal],
    logged: Mapping[str, Mapping[str, Decimal]],
    items: Iterable[Item],
) -> str:
    """Describe the amounts added to each item; parts (其中) follow their parent item."""
    items = [item for item in items if not item.is_brief]
    own: dict[str, str] = {}
    for item in items:
        amounts = _item_amounts(month, gains, logged.get(item.code, {}), item)
        series = _series_words(month, item, month.entries) if item.series else ""
        own[item.code] = "，".join(words for words in (series, amounts) if words)
    sentences: list[str] = []
    for item in items:
        parent = next((c for c in month.project.with_ancestors(item.code)[1:] if own.get(c)), "")
        if parent or not own[item.code]:
            continue
        parts = [
            part.name + own[part.code]
            for part in items
            if part is not item
            and item.code in month.project.with_ancestors(part.code)
            and own[part.code]
        ]
        listed = f"（其中{'，'.join(parts)}）" if parts else ""
        sentences.append(f"{item.name}{own[item.code]}{listed}")
    return "；".join(sentences)


def _item_amounts(
    month: BriefMaterial,
    gains: Mapping[IndicatorKey, Decimal],
    logged: Mapping[str, Decimal],
    item: Item,
) -> str:
    """Describe the amounts added to an item, as in 3场、126人次; empty if there are none.

    For units without a target, such as hours of training or money, the logged amounts are used.
    """
    words: dict[str, str] = {}
    for progress in month.now.indicators:
        indicator = progress.indicator
        if indicator.item != item.code or (item.series and item.counts_groups(indicator.unit)):
            continue
        gain = gains[indicator.key]
        achieved = kind_of(indicator).achieved_words(gain, indicator) if gain > 0 else ""
        if achieved:
            words.setdefault(indicator.unit or "", achieved)
    counted = {
        progress.indicator.unit
        for progress in month.now.indicators
        if progress.indicator.item in month.project.with_ancestors(item.code)
        and not kind_of(progress.indicator).per_person
    }
    if item.per_person:
        entries = [entry for entry in month.entries if item.code in entry.activity.items]
        people = {name for entry in entries for name in entry.activity.participants}
        if entries:
            words["次"] = f"{len(entries)}次"
        if people:
            words["人"] = f"{len(people)}人参加"
    for unit, amount in logged.items():
        is_session = item.series and UNITS[unit].measure in (Measure.OCCASIONS, Measure.WORKS)
        if amount > 0 and unit not in counted and unit not in words and not is_session:
            words[unit] = f"{plain(amount)}{unit}"
    return "、".join(words.values())


def _series_words(month: BriefMaterial, item: Item, entries: Iterable[Entry]) -> str:
    """Describe the groups or cases of an item: 新增1个、跟进2个（共3次）、结案1个."""
    sessions: dict[str, list[Activity]] = {}
    for entry in entries:
        if entry.activity.item == item.code:
            sessions.setdefault(entry.activity.title, []).append(entry.activity)
    if not sessions:
        return ""
    unit = next((u for u in item.own_units if item.counts_groups(u)), "个")
    is_case = CASE in item.name
    new = [
        title
        for title, some in sessions.items()
        if month.series_starts.get((item.code, title)) == min(a.day for a in some)
    ]
    older = [title for title in sessions if title not in new]
    closed = [title for title, some in sessions.items() if any(a.closes for a in some)]
    occasion = "次" if is_case else _session_unit(item)
    total = sum(map(len, sessions.values()))
    verbs = ("新增", "跟进", "结案") if is_case else ("新开", "继续开展", "结束")
    counts = zip(verbs, (new, older, closed), strict=True)
    words = "、".join(f"{verb}{len(some)}{unit}" for verb, some in counts if some)
    listed = "" if is_case else _sessions_listed(sessions, occasion)
    return f"{words}，共{total}{occasion}{listed}"


def _session_unit(item: Item) -> str:
    return item.occasion if item.occasion != "次" else "节"


def _sessions_listed(sessions: Mapping[str, list[Activity]], occasion: str) -> str:
    """Name each group with its sessions: （夕阳红手工小组第3、4节）.

    The number of sessions of a single group is left out, because the sentence states it before.
    """
    named = []
    for title, some in sessions.items():
        numbers = [activity.session for activity in some]
        if not title:
            continue
        if all(numbers):
            named.append(f"{title}第{'、'.join(map(str, numbers))}{occasion}")
        else:
            named.append(title if len(sessions) == 1 else f"{title}{len(some)}{occasion}")
    return f"（{'；'.join(named)}）" if named else ""


def activity_words(
    project: Project, entry: Entry, *, is_late: bool = False, with_amounts: bool = True
) -> str:
    """Describe an activity and its effect in the officer's words, which are not shortened.

    Set ``with_amounts`` to false if the text already states the amounts for the item.
    """
    activity, effect = entry.activity, _own_words(entry)
    day = day_words(activity.day)
    if effect and day in effect:
        words = effect
    else:
        item = project.items.get(activity.item)
        name = printed_title(project, activity)
        if activity.session and activity.title:
            name += f"第{activity.session}{_session_unit(item) if item else '节'}"
        is_done = name.startswith(_DONE) and not name.endswith((*_DONE, *_NAMES))
        verb = "" if is_done or name.startswith(_BEGUN) else "开展"
        place = f"在{activity.place}" if activity.place else ""
        amounts = activity.amounts if with_amounts else {}
        numbers = "、".join(f"{plain(a)}{u}" for u, a in amounts.items() if not _one(u, a))
        if numbers:  # one bracket after a title with a bracket: 义诊（第二场，42人次）
            name = f"{name[:-1]}，{numbers}）" if name.endswith("）") else f"{name}（{numbers}）"
        words = f"{day}{place}{verb}{name}"
        words += f"。{effect}" if effect else ""
    late = "（补记）" if is_late else ""
    return late + _ended(words)


def _own_words(entry: Entry) -> str:
    """Return the effect and the note of an entry as one text."""
    return "".join(map(_ended, own_texts(entry)))


def _ended(text: str) -> str:
    return text if text.endswith(("。", "！", "？", "”")) else f"{text}。"


def _one(unit: str, amount: Decimal) -> bool:
    """Return whether an amount only says that the activity took place, such as 1场."""
    return amount == 1 and UNITS[unit].implied
