"""By what the same activity is recognised where it is entered twice: item, day and title."""

from __future__ import annotations

from decimal import Decimal

from sgtrack.model.entries import Activity
from sgtrack.model.figures import from_hundredths
from sgtrack.model.location import Location
from sgtrack.store.connection import Connection
from sgtrack.store.opening import reading


def twin_key(activity: Activity) -> bytes:
    """By what an activity is recognised within its community, in as little room as it takes."""
    return _key(activity.item, activity.day.isoformat(), activity.title)


def _key(item: str, day: str, title: str) -> bytes:
    return f"{item}\0{day}\0{title}".encode("utf-8", "surrogatepass")


def known_keys(db: Connection, community: str) -> set[bytes]:
    """The key of everything that counts of a community."""
    return {
        _key(*row)
        for row in db.execute(
            "SELECT item, day, title FROM current_activity WHERE community = ?", (community,)
        )
    }


def read_known(path: Location, community: str) -> dict[bytes, dict[str, Decimal]]:
    """The amounts of everything that counts of a community, by key; of twins, those of the last."""
    found: dict[bytes, dict[str, Decimal]] = {}
    last = None
    with reading(path) as db:
        for entry_id, item, day, title, unit, hundredths in db.execute(
            "SELECT a.id, a.item, a.day, a.title, m.unit, m.hundredths FROM current_activity AS a "
            "LEFT JOIN amount AS m ON m.activity_id = a.id WHERE a.community = ? "
            "ORDER BY a.day, a.id, m.rowid",
            (community,),
        ):
            if entry_id != last:
                amounts = found[_key(item, day, title)] = {}
                last = entry_id
            if unit is not None:
                amounts[unit] = from_hundredths(hundredths)
    return found
