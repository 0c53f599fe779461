"""The content that issuing a brief would freeze, shown to the officer before she decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sgtrack.app.draft_brief import gather_month
from sgtrack.app.snapshot import Snapshot
from sgtrack.brief.brief_material import BriefMaterial
from sgtrack.entry.text_cleaning import clean
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.progress.indicator_progress import State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import Window
from sgtrack.store.chain_links import ChainEnd, read_end

EARLIEST = 7
"""From this number of days before the end of its window, a brief can be issued without a reason.

If the brief is due earlier, the days are counted back from the due day.
"""
_MOST_URGENT = 8
"""Maximum number of overdue items that are named."""


@dataclass(frozen=True, slots=True)
class IssuePreview:
    """The content that issuing a brief freezes, computed from one state of the ledger.

    Fields that need an explanation:
        end: the end of the chain; if it has moved, the preview may be outdated.
        days_late: the number of days by which the brief is late; 0 if it is in time.
        counts: the numbers of activities, late entries and corrections.
        figures: for each changed indicator the item, the amount of the month, and the total so far.
        lacks: sentences about what is missing.
        early: the reason for issuing the brief early; empty if the brief is not early.
        source: the name of the edited file that is issued; empty for the generated brief.
        remarks: sentences about this file.
    """

    project: Project
    window: Window
    end: ChainEnd = field(compare=False)
    first_day: date
    last_day: date
    days_late: int
    counts: tuple[int, int, int]
    figures: tuple[tuple[str, str, str], ...]
    lacks: tuple[str, ...]
    early: str
    source: str = ""
    remarks: tuple[str, ...] = ()


class BriefChanged(Exception):
    """Error raised if the ledger changed after the officer confirmed a preview.

    ``now`` is the new preview.
    """

    def __init__(self, now: IssuePreview) -> None:
        super().__init__("the brief changed")
        self.now = now


def preview_issue(
    snapshot: Snapshot,
    project: Project,
    window: Window,
    today: date,
    early: str,
    source: str = "",
    remarks: tuple[str, ...] = (),
) -> IssuePreview:
    """Compute what issuing the brief of ``window`` would freeze; ``early`` is a cleaned reason.

    ``source`` and ``remarks`` are as in :class:`IssuePreview`.
    """
    material = gather_month(snapshot, project, window, today, with_plan=False)
    gains = material.gains
    return IssuePreview(
        project=project,
        window=window,
        end=read_end(snapshot.db),
        first_day=material.since,
        last_day=material.now.as_of,
        days_late=max((today - window.due).days, 0),
        counts=(len(material.regular), len(material.late), len(material.corrections)),
        figures=tuple(
            (
                progress.item.label,
                kind_of(indicator).gain_words(gains[indicator.key], indicator),
                kind_of(indicator).total_words(progress),
            )
            for progress in material.now.indicators
            if gains[(indicator := progress.indicator).key]
        ),
        lacks=tuple(_find_lacks(material)),
        early=early,
        source=source,
        remarks=remarks,
    )


def _find_lacks(material: BriefMaterial) -> Iterator[str]:
    """Name activities without evidence, indicators overdue or due soon, and empty fields."""
    project = material.project
    unproven = [
        entry
        for entry in material.entries
        if project.lacking(entry.activity.item, {file.kind for file in entry.evidence})
    ]
    if unproven:
        yield f"{len(unproven)}条活动佐证材料不全（sgtrack check 列出）"
    own = project.brief_item
    labels = [
        progress.item.label
        for progress in material.now.attention
        if (progress.state is State.OVERDUE or progress.near) and progress.item is not own
    ]
    urgent = list(dict.fromkeys(labels))
    if urgent:
        more = f"等{len(urgent)}项（sgtrack due 列出）" if len(urgent) > _MOST_URGENT else ""
        yield f"逾期或即将到期：{'、'.join(urgent[:_MOST_URGENT])}{more}"
    facts = {
        "包号": project.package,
        "编印单位": project.agency,
        "报送单位": project.brief.copies_to,
    }
    empty = [name for name, fact in facts.items() if not fact]
    if empty:
        yield f"{'、'.join(empty)}待填（写在目标文件里）"


def check_early(window: Window, today: date, reason: str | None) -> str:
    """Check that a brief is not issued too early, unless with a reason; return the cleaned reason.

    Raises:
        Refused: the window has not begun, or ends in more than ``EARLIEST`` days, and there is no
            reason; or there is a reason although the brief is not early.
    """
    early, end = clean(reason, "原因"), window.period.end
    if (min(end, window.due) - today).days <= EARLIEST or window.is_supplement:
        if reason is not None:
            raise Refused(
                f"{window.label} 的统计到 {window.period.end}，现在发出不算提前", "去掉 --early"
            )
        return ""
    if early:
        return early
    remedy = "确实要提前发出，就写明原因：--early 原因"
    if window.period.start > today:
        raise Refused(f"{window.label} 的统计从 {window.period.start} 开始，还没有到", remedy)
    raise Refused(
        f"{window.label} 的统计到 {end}，还有{(end - today).days}天，不能现在发出",
        f"{min(end, window.due)} 前{EARLIEST}天起可以发出；{remedy}",
    )
