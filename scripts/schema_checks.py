"""The CHECK for each meaning of ``store/column_types.py``, in the SQL of both databases."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Column

from sgtrack.entry.date_parsing import YEARS
from sgtrack.model.text import LONGEST_PASSAGE, UNPRINTABLE
from sgtrack.model.units import LARGEST_AMOUNT

_ULID = "0-9A-HJKMNP-TV-Z"
_OFFSET = "[0-2][0-9]:[0-5][0-9]"
_LEAP_YEAR = r"(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY = (
    r"(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)"
    rf"|02-(0[1-9]|1\d|2[0-8]))|{_LEAP_YEAR}-02-29)"
)
_YEAR = f"@ >= '{YEARS.start}' AND @ < '{YEARS.stop}'"
_SECOND = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d"

SQLITE = {
    "id": f"length(@) = 26 AND @ < '8' AND @ NOT GLOB '*[^{_ULID}]*'",
    "number": "@ <> '' AND @ NOT GLOB '*[^0-9]*'",
    "day": f"@ IS date(@, '+0 days') AND {_YEAR}",
    "month": f"@ || '-01' IS date(@ || '-01', '+0 days') AND {_YEAR}",
    "moment": (
        "substr(@, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(@, 1, 19), '+0 days') "
        "AND @ > '0001' "
        f"AND (substr(@, 20) = 'Z' OR substr(@, 20) GLOB '[-+]{_OFFSET}' "
        f"OR substr(@, 20) GLOB '[-+]{_OFFSET}:[0-5][0-9]')"
    ),
    "digest": "length(@) = 64 AND @ NOT GLOB '*[^0-9a-f]*'",
    "tag": "length(@) = 32 AND @ NOT GLOB '*[^0-9a-f]*'",
    "json": "json_valid(@)",
}
POSTGRESQL = {
    "id": f"@ ~ '^[0-7][{_ULID}]{{25}}$'",
    "number": "@ ~ '^[0-9]+$'",
    "day": f"@ ~ '^{_DAY}$' AND {_YEAR}",
    "month": rf"@ ~ '^\d{{4}}-(0[1-9]|1[0-2])$' AND {_YEAR}",
    "moment": f"@ ~ '^{_DAY}T{_SECOND}(Z|[-+]{_OFFSET}(:[0-5][0-9])?)$' AND @ > '0001'",
    "digest": "@ ~ '^[0-9a-f]{64}$'",
    "tag": "@ ~ '^[0-9a-f]{32}$'",
    "json": "CAST(@ AS json) IS NOT NULL",
}
BOTH = {
    "empty": "@ = ''",
    "given": "@ <> ''",
    "flag": "@ IN (0, 1)",
    "subject": "@ IN ('effect', 'late_reason')",
    "passage": f"length(@) <= {LONGEST_PASSAGE}",
    "positive": f"@ BETWEEN 1 AND {10**15}",
    "count": f"@ BETWEEN 1 AND {LARGEST_AMOUNT}",
    "hundredths": f"@ BETWEEN 1 AND {LARGEST_AMOUNT * 100}",
    "total": f"@ BETWEEN -{10**17} AND {10**17}",
}
MEANINGS = {
    "id_or_empty": ("empty", "id"),
    "record_key": ("id", "number"),
    "month_or_empty": ("empty", "month"),
    "digest_or_empty": ("empty", "digest"),
    "salt_or_empty": ("empty", "tag"),
    "given_words": ("given",),
    "words": (),
}
"""The conditions of a meaning, of which at least one must hold.

A meaning that is not listed has the single condition of the same name.
"""
PRINTABLE = ("words", "given_words", "passage", "json")
"""The meanings of texts without control characters; each table has one CHECK for all of them."""


def column_checks(column: Column[object], meaning: str, database: str) -> Iterator[CheckConstraint]:
    """Yield the CHECK of a column; yield none if its meaning allows every text."""
    conditions = BOTH | (SQLITE if database == "sqlite" else POSTGRESQL)
    alternatives = [conditions[name] for name in MEANINGS.get(meaning, (meaning,))]
    if alternatives:
        condition = " OR ".join(alternatives).replace("@", column.name)
        yield CheckConstraint(condition, name=f"{column.name}_is_{meaning}")


def texts_check(meanings: dict[str, str], database: str) -> CheckConstraint:
    """Return the CHECK that no text has control characters or marks that reverse its direction.

    ``meanings`` maps the columns to their meanings. Only a passage may have line breaks and tabs.
    """
    code = "char" if database == "sqlite" else "chr"
    tab, line_break = f"{code}(9)", f"{code}(10)"
    columns = [
        f"replace(replace({column}, {tab}, ''), {line_break}, '')"
        if meaning == "passage"
        else column
        for column, meaning in meanings.items()
    ]
    texts = columns[0] if len(columns) == 1 else f"({' || '.join(columns)})"
    if database == "sqlite":
        signs = " || ".join(f"char({first}, 45, {last})" for first, last in UNPRINTABLE)
        condition = f"{texts} NOT GLOB '*[' || {signs} || ']*' AND instr({texts}, char(0)) = 0"
    else:
        signs = "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in UNPRINTABLE)
        condition = f"{texts} !~ '[{signs}]'"
    return CheckConstraint(condition, name="texts_are_printable")
