"""How far a contract was at the end of each month, beside how far its time was."""

from __future__ import annotations

from datetime import date

from sgtrack.model.contract import Project
from sgtrack.pictures.charts import MonthEnd
from sgtrack.progress.indicator_progress import progress_of
from sgtrack.progress.reporting_window import windows
from sgtrack.progress.tally import Tallies


def pace_of(project: Project, tallies: Tallies, as_of: date) -> tuple[MonthEnd, ...]:
    """The months of a project up to a day; planned is the share of the project's time gone."""
    project = project.at(as_of)
    found = []
    for window in windows(project):
        end = window.period.end
        actual = None
        if window.period.start <= as_of:
            actual = float(progress_of(project, tallies, min(end, as_of)).percent)
        gone = (end - project.period.start).days + 1
        planned = round(100 * gone / project.period.days, 1)
        found.append(MonthEnd(f"{window.month}月", planned, actual))
    return tuple(found)
