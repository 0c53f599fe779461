"""Names of files that sgtrack makes can be held by every system, Windows first."""

from __future__ import annotations

import ntpath
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sgtrack.model.errors import Refused
from sgtrack.model.file_names import (
    is_portable,
    refuse_unportable,
    safe_file_name,
    safe_name,
    unique_name,
)

from ..support.examples import examples

DEVICES = ["con", "PRN", "Aux", "nul", "COM1", "com9", "LPT3", "COM¹", "lpt³", "CONIN$", "conout$"]
PIECES = [
    *DEVICES,
    *'<>:"/\\|?*. 　\t\n\x00\x1f\x7f\u202e\u200b\ufeff\ud800',
    "签到表",
    "𠮷",
    "é",
    ".jpg",
]
NAMES = st.one_of(
    st.text(st.characters(), max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.builds(
        "{}{}".format, st.sampled_from(DEVICES), st.sampled_from(["", " ", ".", " .x", ".tar.gz"])
    ),
)


def is_reserved_by_windows(name: str) -> bool:
    """Ask Python's own rules of Windows' names, which stand in a place of their own since 3.13."""
    if hasattr(ntpath, "isreserved"):
        return bool(ntpath.isreserved(name))
    return (
        PureWindowsPath(name).is_reserved() or name[-1] in " ." or bool(set(name) & set('<>:"|?*'))
    )


@examples(quick=300, thorough=5000)
@given(NAMES, st.integers(1, 80))
@example("CON .jpg", 60)
@example("con" + "长" * 80, 3)
@example("a" * 79 + ". b", 80)
def test_every_name_made_is_one_that_windows_holds(text: str, longest: int) -> None:
    for name in (safe_name(text, longest), safe_file_name(text, longest + 14)):
        assert is_portable(name), name
        assert not is_reserved_by_windows(name), name
        assert name.isprintable()
        assert not set(name) & set("/\\%#")
    assert len(safe_name(text, longest)) <= longest + 1  # a device's has _ before it


@examples(quick=300, thorough=5000)
@given(st.one_of(NAMES, st.text(st.sampled_from("aC.O1N 签é²"), min_size=1, max_size=12)))
def test_what_is_taken_for_portable_is_not_reserved(name: str) -> None:
    if not is_portable(name):
        return  # most names drawn are not: assuming so would exhaust hypothesis
    assert not is_reserved_by_windows(name)
    assert PureWindowsPath(name).name == name
    refuse_unportable(PurePosixPath(name))


@examples(quick=100, thorough=2000)
@given(st.lists(NAMES, max_size=8))
def test_names_stay_apart_and_portable_when_numbered(texts: list[str]) -> None:
    taken: set[str] = set()
    names = [unique_name(safe_file_name(text, 60), taken) for text in [*texts, *texts]]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(is_portable(name) for name in names)


def test_a_portable_name_is_kept() -> None:
    for name in (
        "1.5公里健步走",
        "6月 签到表（一）.jpg",
        "console.txt",
        "COM10",
        "照片-䶮𠮷.JPG",
        ".x",
    ):
        assert is_portable(name)
        assert safe_file_name(f"a{name}", 80) == f"a{name}"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a:b", "尾.", "尾 ", "nul.md", "a\tb", "Com²", "prn .x"]
)
def test_a_name_that_windows_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse_unportable(PurePosixPath(name))
    assert "Windows" in refused.value.message


@pytest.mark.parametrize("typed", ["6:30台账.xlsx", "五:台账.xlsx"])
def test_a_colon_is_refused_where_windows_reads_a_drive(typed: str) -> None:
    with pytest.raises(Refused, match=typed):
        refuse_unportable(PureWindowsPath(typed))


@pytest.mark.parametrize("typed", ["C:台账.xlsx", "D:\\台账.xlsx", "\\\\办公室\\共享\\台账.xlsx"])
def test_a_drive_and_a_share_are_no_part_of_the_name(typed: str) -> None:
    refuse_unportable(PureWindowsPath(typed))


@pytest.mark.parametrize(
    ("name", "fits"), [("长" * 255, True), ("长" * 256, False), ("𠮷" * 128, False)]
)
def test_a_name_has_at_most_what_windows_holds(name: str, fits: bool) -> None:
    assert is_portable(name) == fits
    if not fits:
        with pytest.raises(Refused, match="太长"):
            refuse_unportable(PurePosixPath(name))


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
    assert safe_name(typed, 60) == kept


def test_long_and_equal_names_stay_apart() -> None:
    assert safe_file_name("很长的名字" * 30 + ".JPEG", 20) == "很长的名字" * 3 + ".JPEG"
    taken: set[str] = set()
    assert [unique_name(n, taken) for n in ("a.jpg", "A.jpg", "a.jpg", "b")] == [
        "a.jpg",
        "A (2).jpg",
        "a (3).jpg",
        "b",
    ]
