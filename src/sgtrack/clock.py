"""What day it is. ``SGTRACK_TODAY`` replaces the clock, for tests and demonstrations."""

from __future__ import annotations

import os
from datetime import date, datetime

from sgtrack.model.errors import Refused

VARIABLE = "SGTRACK_TODAY"


def today() -> date:
    """The day on the officer's calendar.

    Raises:
        Refused: ``SGTRACK_TODAY`` is set to something that is no date.
    """
    told = os.environ.get(VARIABLE)
    if not told:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise Refused(
            f"环境变量 {VARIABLE} 的“{told}”不是日期", "写成 2026-03-12 这样，或取消这个变量"
        ) from None


def now() -> datetime:
    """The moment, with its offset from UTC; on the day that :func:`today` gives."""
    moment = datetime.now().astimezone()
    return datetime.combine(today(), moment.timetz())
