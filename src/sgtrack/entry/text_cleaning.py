"""Normalizes typed texts; refuses texts that are too long or have invisible characters."""

from __future__ import annotations

import re
import unicodedata

from sgtrack.model.errors import Refused
from sgtrack.model.text import LONGEST_PASSAGE, remove_unprintable

_COMMAS = re.compile(r"[、，,;；\r\n]")
_SPACES = re.compile(r"\s+")
_HAN = "[\u3005-\u3007\u3400-\u9fff\U00020000-\U0003ffff]"
_SINGLE = rf"(?<!\S){_HAN}(?![^\s（(])"
"""A Chinese character between spaces; a remark in brackets may follow, as in 张 三（南街）."""
_PADDED = re.compile(rf"({_SINGLE})[^\S\r\n]+({_SINGLE})")
"""A Chinese name of two characters, padded to the width of three, as in 张　三."""
_SPACED_NAME = re.compile(rf"{_SINGLE}(?: {_SINGLE})+")
_HAN_SPACE = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_BRACKETS = re.compile(r"\s*([（(［\[【])\s*|\s*([）)］\]】])")
_FULL_WIDTH = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()
}
"""Full-width letters and digits, which an input method for Chinese types."""
_JOINER = "\u200d"
_PICTURE_STYLES = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
"""The variation selector and the skin tones that may follow an emoji."""
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean(text: str | None, what: str, longest: int = 200) -> str:
    """Return a text trimmed, with single spaces, in Unicode normalization form NFC.

    Invisible characters are refused, because they could reverse the text on a screen or make two
    different names look alike.

    Args:
        text: the typed text.
        what: the name of the field in messages, such as 标题.
        longest: the maximum number of characters.

    Raises:
        Refused: the text is too long or has invisible characters.
    """
    if not text:
        return ""
    cleaned = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    # ``isprintable`` is fast and saves the loop for most texts.
    for place, ch in enumerate("" if cleaned.isprintable() else cleaned):
        if unicodedata.category(ch) in _INVISIBLE and not _joins_pictures(cleaned, place):
            raise Refused(f"{what}里有看不见的字符（U+{ord(ch):04X}）", "删掉后重新输入")
    if len(cleaned) > longest:
        raise Refused(
            f"{what}有 {len(cleaned)} 个字，太长", f"最多 {longest} 个字；详细内容写在总结里"
        )
    return cleaned


def clean_passage(text: str | None, what: str) -> str:
    """Return a text of several lines as the ledger can hold it.

    Blanks at line ends, empty lines and control characters are left out; the words stay as typed.

    Raises:
        Refused: the text is too long; ``what`` names it in the message.
    """
    lines = unicodedata.normalize("NFC", text or "").splitlines()
    printable = (remove_unprintable(line).rstrip() for line in lines)
    passage = "\n".join(line for line in printable if line)
    if len(passage) > LONGEST_PASSAGE:
        raise Refused(
            f"{what}有 {len(passage)} 个字，太长",
            f"最多 {LONGEST_PASSAGE} 个字；更长的写在文件里，用 -e 附上",
        )
    return passage


def clean_reason(text: str | None, decision: str, example: str) -> str:
    """Return the cleaned reason of a decision that requires a reason.

    ``decision`` and ``example`` are used in the message.

    Raises:
        Refused: the reason is empty, or :func:`clean` refuses it.
    """
    reason = clean(text, "原因")
    if not reason:
        raise Refused(f"没有写{decision}的原因", f"加上 -r 原因，如 -r {example}")
    return reason


def _joins_pictures(text: str, place: int) -> bool:
    """Return whether the character at ``place`` joins two emoji into one, such as a family."""
    before = text[:place].rstrip(_PICTURE_STYLES)[-1:]
    after = text[place + 1 : place + 2]
    pictures = bool(before and after) and all(
        unicodedata.category(sign) == "So" for sign in (before, after)
    )
    return text[place] == _JOINER and pictures


def clean_name(typed: str) -> str:
    """Return a cleaned name, without spaces between single Chinese characters as in 张　三.

    Brackets of a Chinese name become （）, and full-width letters become narrow ones, so that 张丁
    (南街) and 张丁（南街） are one person.

    Raises:
        Refused: :func:`clean` refuses the name.
    """
    cleaned = _unify_brackets(clean(typed, "姓名", 40).translate(_FULL_WIDTH))
    spaced = _SPACED_NAME.match(cleaned)
    return cleaned if spaced is None else spaced[0].replace(" ", "") + cleaned[spaced.end() :]


def clean_names(typed: list[str]) -> tuple[str, ...]:
    """Split and clean the names of ``--who``, in the typed order.

    Raises:
        Refused: a name is typed twice or begins with a digit, spaces leave open whether there are
            one or two names, or :func:`clean` refuses a name.
    """
    names: list[str] = []
    for word in typed:
        for part in _split_names(word, len(names)):
            name = clean_name(part)
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


def _unify_brackets(name: str) -> str:
    """Return a name with the brackets （）, without spaces around them, if it is Chinese."""
    if re.search(_HAN, name) is None:
        return name
    return _BRACKETS.sub(lambda bracket: "（" if bracket[1] else "）", name)


def _split_names(word: str, before: int) -> list[str]:
    """Split typed names at commas, or Chinese names without commas at spaces.

    If there are commas, a space between two Chinese characters is part of a name. If there are
    none, single Chinese characters are read as padded names (张　三) if their number is even.
    ``before`` is the number of names before these.
    """
    names: list[str] = []
    parts = [part for part in _COMMAS.split(word) if part.strip()]
    for part in map(_unify_brackets, parts):
        # A name in Latin letters, such as José Núñez, contains spaces.
        if re.search(_HAN, part) is None:
            names.append(part)
            continue
        if len(parts) > 1:
            whole = [piece for piece in part.split() if len(re.findall(_HAN, piece)) > 1]
            if len(whole) > 1:
                raise Refused(
                    f"第 {before + len(names) + 1} 个姓名里有空格，看不出是一个人还是几个人",
                    "几个人都用顿号隔开，如 甲、乙；是一个人就去掉空格",
                )
            names.append(_HAN_SPACE.sub("", part))
            continue
        is_padded = len(re.findall(_SINGLE, part)) % 2 == 0
        names += (_PADDED.sub(r"\1\2", part) if is_padded else part).split()
    return names
