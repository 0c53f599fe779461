"""The date and the time; ``SGTRACK_TODAY`` replaces the date for tests and demonstrations."""

from __future__ import annotations

import os
from datetime import date, datetime

from sgtrack.model.errors import Refused

VARIABLE = "SGTRACK_TODAY"


def today() -> date:
    """Return today's local date.

    Raises:
        Refused: ``SGTRACK_TODAY`` is not a date.
    """
    value = os.environ.get(VARIABLE)
    if not value:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Refused(
            f"环境变量 {VARIABLE} 的“{value}”不是日期", "写成 2026-03-12 这样，或取消这个变量"
        ) from None


def now() -> datetime:
    """Return the local time, with its offset from UTC, on the date of :func:`today`."""
    moment = datetime.now().astimezone()
    return datetime.combine(today(), moment.timetz())
