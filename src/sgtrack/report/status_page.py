"""``status`` as one page that opens in any browser."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sgtrack.brief.brief_composition import full_day, problems, states_words, total_words
from sgtrack.brief.images import inline
from sgtrack.brief.rendering import render_document
from sgtrack.model.figures import Figures
from sgtrack.pictures.charts import Share, draw
from sgtrack.progress.contract_status import ContractStatus, compute_month_ends
from sgtrack.progress.progress_wording import STATE_ON_SCREEN, proven_words, target_words
from sgtrack.progress.tally import tally


def status_page(found: Iterable[tuple[ContractStatus, Figures]], as_of: date, own: Path) -> bytes:
    """The page.

    Args:
        found: the communities with what the ledger says of each.
        as_of: the day they stand at.
        own: the folder of the officer's own templates.

    Raises:
        Refused: the template cannot be used.
    """
    communities = [_community(standing, figures, as_of) for standing, figures in found]
    context = {"as_of": full_day(as_of), "communities": communities}
    return render_document("status", own, context, ("html",))["html"]


def _community(standing: ContractStatus, figures: Figures, as_of: date) -> dict[str, Any]:
    now = standing.claimed
    project = now.project
    proven = {id(claimed): shown for claimed, shown in standing.pairs()}
    shares = [
        Share(f"{one.category.code} {one.category.name}", float(one.percent))
        for one in now.categories
    ]
    pace = compute_month_ends(project, tally(project, figures), as_of)
    return {
        "name": project.full_name,
        "percent": f"{now.percent}%",
        "summary": f"{states_words(now)}；有佐证的完成率{standing.proven.percent}%。",
        "problems": problems(now),
        "charts": [
            {"caption": chart.caption, "picture": inline(chart)}
            for chart in draw(shares, pace, "svg")
        ],
        "sections": [
            {
                "code": category.category.code,
                "name": category.category.name,
                "rows": [
                    {
                        "code": one.item.code,
                        "name": one.item.name,
                        "target": target_words(one.indicator),
                        "total": total_words(one),
                        "percent": f"{one.percent}%",
                        "proven": proven_words(one, proven[id(one)]),
                        "state": STATE_ON_SCREEN[one.state],
                    }
                    for one in category.indicators
                ],
            }
            for category in now.categories
        ],
    }
