"""Values that the meaning of a column allows, and values that it forbids."""

from __future__ import annotations

from typing import Any

ID = "01KZZZZZZZZZZZZZZZZZZZZZZZ"
OTHER_VALUES: dict[str, tuple[Any, ...]] = {
    "id": (ID,),
    "id_or_empty": (ID, ""),
    "record_key": (ID,),
    "day": ("2026-02-28",),
    "month": ("2026-02",),
    "month_or_empty": ("2026-02", ""),
    "moment": ("2026-02-28T09:00:00+08:00",),
    "digest": ("0" * 64,),
    "digest_or_empty": ("0" * 64, ""),
    "tag": ("0" * 31 + "1",),
    "salt_or_empty": ("0" * 32, ""),
    "words": ("别的", "x"),
    "given_words": ("别的",),
    "passage": ("第一行\n\t第二行", "x"),
    "subject": ("effect", "late_reason"),
    "json": ('{"other": 1}',),
    "flag": (0, 1),
    "positive": (77,),
    "count": (77, None),
    "hundredths": (77,),
    "total": (77,),
}
"""Values that the meaning of a column allows."""
WRONG_VALUES: dict[str, tuple[Any, ...]] = {
    "id": ("01kzzzzzzzzzzzzzzzzzzzzzzz", "Z" * 26, "", "x" * 26),
    "id_or_empty": ("x",),
    "record_key": ("", "x", "1 "),
    "day": ("2026-02-30", "2026-2-3", "0000-01-01", "9999-12-31", "", "2026-02-28 "),
    "month": ("9999-12", "2026-13", "2026-00", "abcd-ef", "2026-1"),
    "month_or_empty": ("2026-13", "9999-12"),
    "moment": ("", "2026-02-30T09:00:00+08:00", "2026-02-28T09:00:00", "2026-02-28"),
    "digest": ("A" * 64, "0" * 63, "", "/" * 64),
    "digest_or_empty": ("A" * 64, "0"),
    "tag": ("0" * 31, "g" * 32),
    "salt_or_empty": ("0" * 31, "G" * 32, " "),
    "words": ("\x1b[31m", "a\nb", "\u202eb", "\x7f", "\u2066b"),
    "given_words": ("", "\x1b", "a\tb", "\u200fb"),
    "passage": ("字" * 20_001, "\x1b[31m", "a\r\nb", "\u202eb", "\x7f"),
    "subject": ("", "title", "effect "),
    "json": ("{", "", '{"a":\n1}'),
    "flag": (2, -1),
    "positive": (0, -1, 10**16),
    "count": (0, -1, 10**11),
    "hundredths": (0, -1, 10**11),
    "total": (10**18,),
}
"""Values that the meaning of a column forbids."""
