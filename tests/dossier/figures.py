"""Entries for the tests of the dossier."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sgtrack.model.entries import Activity, Entry, Evidence, Origin

ORIGIN = Origin(datetime.fromisoformat("2026-03-12T09:00:00+08:00"), "officer", "sgtrack log")


def entry(number: int, item: str, title: str, *files: str) -> Entry:
    """An activity of 5 人次 with files, the kind of each before a colon: 照片:现场.jpg."""
    evidence = tuple(
        Evidence(f"E{number}-{n}", f"{number:02}{n:02}".ljust(64, "0"), 1, name, kind)
        for n, (kind, name) in enumerate(one.split(":", 1) for one in files)
    )
    amounts = {"人次": Decimal(5)}
    activity = Activity("xianheguan", item, date(2026, 3, number), title, amounts=amounts)
    return Entry(f"{number:026}", activity, ORIGIN, evidence=evidence)
