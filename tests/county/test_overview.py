"""``status`` over many communities, and the briefs of all of them."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from rich.cells import cell_len

from sgtrack.ledger.figure_reads import read_figures
from sgtrack.progress.contract_status import compute_status, figure_query_of
from sgtrack.progress.county_progress import county_of
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.golden import check_golden
from ..support.ledgers import read
from .conftest import COMMUNITIES, fill_county


def test_one_line_each_and_a_matrix_on_80_columns(run: Run, county: Workspace) -> None:
    ran = run("status")
    assert ran.code == 0, ran.err
    assert max(cell_len(line) for line in ran.out.splitlines()) <= 80
    lines = [line for line in ran.out.splitlines() if re.match(r"南塔街道社区\d\d", line)]
    assert len(lines) == COMMUNITIES
    overdue = [int(re.split(r"\s+", line.strip())[4]) for line in lines]
    assert overdue == sorted(overdue, reverse=True)
    check_golden("status-county.txt", ran.out)


def test_one_community_and_json_are_as_before(run: Run, county: Workspace) -> None:
    assert "需要关注" in run("status", "-c", "c07").out
    assert run("status", "--all").out.count("总体完成") == COMMUNITIES
    found = json.loads(run("status", "--json").out)["communities"]
    assert [one["community"] for one in found] == [f"c{n:02}" for n in range(1, COMMUNITIES + 1)]
    assert set(found[0]) == {
        *("community", "name", "percent", "proven_percent", "indicators", "open"),
    }


def test_the_county_is_what_its_communities_add_up_to(run: Run, county: Workspace) -> None:
    from datetime import date

    day = date(2026, 6, 30)
    projects = load_folder(county.targets).projects
    standings = [
        compute_status(p, read(read_figures, county.ledger, p.slug, figure_query_of(p, [day])), day)
        for p in projects
    ]
    found = county_of(standings, day)
    assert found.standings == county_of(reversed(standings), day).standings
    assert [len(found.categories), found.categories[9].indicators[0].communities] == [10, 20]
    first = found.categories[0].indicators[0]
    assert first.target == 100 * COMMUNITIES
    assert first.actual == sum(min(n * 4 + 1, 100) for n in range(1, COMMUNITIES + 1))
    assert first.percent < Decimal(100)
    media = found.categories[8].indicators[1]
    assert (media.target, media.actual) == (12 * COMMUNITIES, 1)


def test_briefs_of_all_and_the_failing_ones_named(run: Run, workspace: Workspace) -> None:
    communities = 7
    fill_county(workspace, communities)
    issued = run("brief", "-m", "1", "--issue", "--yes", "-c", "c03", "--format", "md")
    assert issued.code == 0, issued.err
    ran = run("brief", "-m", "1", "--all", "--issue", "--yes", "--format", "md")
    assert ran.code == 1
    assert "1 个社区没有发出" in ran.err
    assert "社区03" in ran.err
    assert ran.out.count("已发出") == communities - 1
    assert len(list(workspace.briefs.glob("*.md"))) == communities
    drafts = run("brief", "-m", "2", "--all", "--format", "md")
    assert (drafts.code, drafts.out.count("草稿")) == (0, communities)
