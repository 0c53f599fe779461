"""A person of a roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of a roster, such as a 社区工作者, from the day given."""

    id: str
    community: str
    name: str
    role: str
    since: date
