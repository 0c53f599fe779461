"""Names of folders and files as every system opens them."""

from __future__ import annotations

import pytest

from sgtrack.dossier.portable_names import safe, safe_file, unique


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('a<b>c:d"e/f\\g|h?i*j', "a b c d e f g h i j"),
        ("结尾. . ", "结尾"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("", "_"),
        ("100%#1", "100 1"),
    ],
)
def test_names_are_made_safe(typed: str, kept: str) -> None:
    assert safe(typed, 60) == kept


def test_long_and_equal_names_stay_apart() -> None:
    assert safe_file("很长的名字" * 30 + ".JPEG", 20) == "很长的名字" * 3 + ".JPEG"
    taken: set[str] = set()
    assert [unique(n, taken) for n in ("a.jpg", "A.jpg", "a.jpg", "b")] == [
        "a.jpg",
        "A (2).jpg",
        "a (3).jpg",
        "b",
    ]
