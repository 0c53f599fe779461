"""A county of thirty communities with small contracts, some ahead and some behind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sgtrack.clock import now
from sgtrack.ledger.append import add
from sgtrack.model.entries import Activity, Origin
from sgtrack.recovery.backups import writing
from sgtrack.workspace import Workspace

COMMUNITIES = 30
CATEGORIES = 10


def target_file(number: int) -> str:
    """A contract of ten categories; every third community has no tenth."""
    last = CATEGORIES if number % 3 else CATEGORIES - 1
    categories = "".join(
        f"""
  - code: {code}
    name: 第{code}类服务
    content: 内容
    clauses:
      - code: {code}.1
        text: 服务100人次；
        items:
          - name: 第{code}项服务
            total: {{人次: 100}}
            evidence: [照片]
"""
        + (
            """      - code: 9.2
        text: 媒体报道每月1次；
        items:
          - name: 媒体报道
            monthly: {次: 1}
            evidence: [媒体截图]
"""
            if code == 9
            else ""
        )
        for code in range(1, last + 1)
    )
    return f"""name: 社区{number:02}
county: 乐至县
street: 南塔街道
period:
  start: 2026-01-01
  end: 2026-12-31
  checked: true
categories:{categories}"""


@pytest.fixture
def county(workspace: Workspace) -> Workspace:
    """The workspace with thirty communities in it."""
    return fill_county(workspace, COMMUNITIES)


def fill_county(workspace: Workspace, communities: int) -> Workspace:
    """Replace the communities of a workspace; each has activities in nine categories."""
    for path in [*workspace.targets.glob("*.yaml")]:
        path.unlink()
    origin = Origin(now(), "officer", "sgtrack …")
    with writing(workspace.ledger) as transaction:
        for number in range(1, communities + 1):
            slug = f"c{number:02}"
            path = workspace.targets / f"{slug}.yaml"
            path.write_text(target_file(number), encoding="utf-8")
            for code in range(1, 10):
                amount = Decimal(min(number * 4 + code, 100))
                activity = Activity(
                    slug, f"{code}.1", date(2026, 3, code), f"活动{code}", amounts={"人次": amount}
                )
                add(transaction, activity, origin)
        report = Activity("c07", "9.2", date(2026, 2, 3), "川报报道", amounts={"次": Decimal(1)})
        add(transaction, report, origin)
    return workspace
