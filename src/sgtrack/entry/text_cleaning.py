"""Cleans texts for the ledger: trims them, checks their length, refuses invisible characters."""

from __future__ import annotations

import re
import unicodedata

from sgtrack.model.errors import Refused

_SEPARATORS = re.compile(r"[、，,;；]|\s+")
_COMMAS = re.compile(r"[、，,;；]")
_SPACES = re.compile(r"\s+")
_JOINER = "\u200d"
_PICTURE_STYLES = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
"""Variation selector and skin tones, which follow an emoji."""
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean(text: str | None, what: str, longest: int = 200) -> str:
    """Normalize a text of at most ``longest`` characters; messages call it ``what``, such as 标题.

    Raises:
        Refused: it is too long or has invisible characters, which could reverse the text on a
            screen or make two names look alike.
    """
    if not text:
        return ""
    cleaned = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    # Most texts are printable, and the check for that is quick.
    for place, ch in enumerate("" if cleaned.isprintable() else cleaned):
        if unicodedata.category(ch) in _INVISIBLE and not _joins_pictures(cleaned, place):
            raise Refused(f"{what}里有看不见的字符（U+{ord(ch):04X}）", "删掉后重新输入")
    if len(cleaned) > longest:
        raise Refused(
            f"{what}有 {len(cleaned)} 个字，太长", f"最多 {longest} 个字；详细内容写在总结里"
        )
    return cleaned


def clean_reason(text: str | None, decision: str, example: str) -> str:
    """Clean the reason of a decision that must have one.

    Raises:
        Refused: it is empty, or :func:`clean` refuses it.
    """
    reason = clean(text, "原因")
    if not reason:
        raise Refused(f"没有写{decision}的原因", f"加上 -r 原因，如 -r {example}")
    return reason


def _joins_pictures(text: str, place: int) -> bool:
    """Whether a sign joins two emoji into one, such as a family."""
    before = text[:place].rstrip(_PICTURE_STYLES)[-1:]
    after = text[place + 1 : place + 2]
    pictures = bool(before and after) and all(
        unicodedata.category(sign) == "So" for sign in (before, after)
    )
    return text[place] == _JOINER and pictures


def clean_names(typed: list[str]) -> tuple[str, ...]:
    """Split and clean the names of ``--who``, in the order they were written.

    Raises:
        Refused: a name is written twice, or is no name.
    """
    names: list[str] = []
    for word in typed:
        # A Western name has spaces within.
        for part in (_COMMAS if word.isascii() else _SEPARATORS).split(word):
            name = clean(part, "姓名", 40)
            if not name:
                continue
            if name[0].isdigit():
                raise Refused(
                    f"第 {len(names) + 1} 个不像姓名",
                    "数量写在选项前面，如 sgtrack log 9.1.2 2学时 --who 甲、乙",
                )
            if name in names:
                raise Refused(
                    f"第 {names.index(name) + 1} 个姓名写了两次",
                    "同名的人请加以区分，如 张伟（南街）",
                )
            names.append(name)
    return tuple(names)
