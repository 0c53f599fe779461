"""A person of a roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a roster, such as a 社区工作者; ``since`` is the first day in that role."""

    id: str
    community: str
    name: str
    role: str
    since: date
