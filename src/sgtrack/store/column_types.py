"""Types of the ledger's columns, each annotated with a name for the meaning of its values.

``scripts/make_schema.py`` generates a CHECK constraint from each meaning. Both databases therefore
refuse other values, whichever program writes them. The tables of computed values have no meanings
and no CHECKs, because ``sgtrack verify`` compares them with the records instead.
"""

from __future__ import annotations

from typing import Annotated

Id = Annotated[str, "id"]
"""A ULID: 26 characters that sort by time."""
OptionalId = Annotated[str | None, "id"]
"""Like :data:`Id`, or NULL."""
IdOrEmpty = Annotated[str, "id_or_empty"]
RecordKey = Annotated[str, "record_key"]
"""The id of a record, or the number of a migration."""
Day = Annotated[str, "day"]
"""A day that exists, as 2026-03-24, in one of the accepted ``YEARS``."""
OptionalDay = Annotated[str | None, "day"]
"""Like :data:`Day`, or NULL."""
Month = Annotated[str, "month"]
"""A month, as 2026-03, in one of the accepted ``YEARS``."""
MonthOrEmpty = Annotated[str, "month_or_empty"]
Moment = Annotated[str, "moment"]
"""A time in seconds with its offset from UTC, as 2026-03-24T09:00:00+08:00."""
Digest = Annotated[str, "digest"]
"""A SHA-256: 64 lower-case hexadecimal digits."""
DigestOrEmpty = Annotated[str, "digest_or_empty"]
Tag = Annotated[str, "tag"]
"""128 bits: 32 lower-case hexadecimal digits."""
SaltOrEmpty = Annotated[str, "salt_or_empty"]
"""Like :data:`Tag`, or empty if the salt was erased or a bundle left it out."""
Words = Annotated[str, "words"]
"""One line of text without control characters; it may be empty."""
GivenWords = Annotated[str, "given_words"]
"""Like :data:`Words`, but not empty."""
Passage = Annotated[str, "passage"]
"""A text that may have several lines; its only control characters are line breaks and tabs.

It may be empty, and has at most ``LONGEST_PASSAGE`` characters.
"""
Subject = Annotated[str, "subject"]
"""The subject of an annotation: ``effect`` or ``late_reason``."""
Json = Annotated[str, "json"]
"""JSON in one line without control characters."""
Flag = Annotated[int, "flag"]
"""1 for yes, 0 for no."""
Positive = Annotated[int, "positive"]
"""A whole number from 1 to 10^15."""
OptionalCount = Annotated[int | None, "count"]
"""A whole number from 1 to ``LARGEST_AMOUNT``, or NULL."""
Hundredths = Annotated[int, "hundredths"]
"""An amount in hundredths of its unit; the maximum is ``LARGEST_AMOUNT`` units."""
Total = Annotated[int, "total"]
"""A sum in hundredths of its unit, from -10^17 to 10^17; corrections can make a month negative."""
