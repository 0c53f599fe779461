"""The current date and time; ``SGTRACK_TODAY`` replaces the date in tests and demonstrations."""

from __future__ import annotations

import os
from datetime import date, datetime

from sgtrack.model.errors import Refused

VARIABLE = "SGTRACK_TODAY"


def today() -> date:
    """Return the date in ``SGTRACK_TODAY`` if it is set, otherwise today's local date.

    Raises:
        Refused: ``SGTRACK_TODAY`` is not an ISO date.
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
    """Combine the date of :func:`today` with the current local time and UTC offset."""
    moment = datetime.now().astimezone()
    return datetime.combine(today(), moment.timetz())
