"""Pseudonyms: the same name always gives the same one, and none gives a hint of its name.

A pseudonym is made from the name and a secret of the workspace. The secret lies in a file of its
own beside the ledger, in no backup and no export, so that whoever has only the ledger cannot try
names against it. Once the file is deleted, nobody can.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sgtrack.model.errors import Refused, reason_of

SECRET_FILE = "forget.key"  # noqa: S105 - the name of the file
PREFIX = "居民"
_SHORTEST = 4
_TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """What takes the place of a name; ``tag`` tells, with the secret, whose it is."""

    words: str
    tag: str


def secret_of(root: Path, *, keep: bool) -> bytes:
    """The secret of a workspace, made when it is first needed; not kept for a trial.

    Raises:
        Refused: it cannot be read or written.
    """
    path = root / SECRET_FILE
    try:
        if not path.exists():
            if not keep:
                return secrets.token_bytes(32)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise Refused(
            f"{path} 读写不了（{reason_of(error)}）",
            "检查文件夹的权限；这个文件坏了就删掉，以后同一个人会得到另一个代号",
        ) from None


def pseudonym(name: str, secret: bytes, taken: Mapping[str, str]) -> Pseudonym:
    """The pseudonym of a name: 居民 and as many signs as keep it apart from all others.

    Args:
        name: the name.
        secret: the secret of the workspace.
        taken: the tags of the pseudonyms there are, by their words.
    """
    tag = hmac.new(secret, name.encode("utf-8"), "sha256").hexdigest()[: _TAG_BYTES * 2]
    for words, known in taken.items():
        if known == tag:
            return Pseudonym(words, tag)
    for length in range(_SHORTEST, len(tag) + 1):
        words = PREFIX + tag[:length].upper()
        if words not in taken:
            return Pseudonym(words, tag)
    raise AssertionError("two names have the same tag")  # 128 bits do not meet by chance


class Replacing:
    """Puts a pseudonym in the place of a name, wherever the name is not part of a longer one."""

    def __init__(self, name: str, words: str, known: Iterable[str]) -> None:
        """Take the name, what replaces it, and every other name the ledger knows."""
        self.words = words
        self.longer = sorted((one for one in set(known) if name in one and one != name), key=len)
        spellings = [*reversed(self.longer), name]
        self._pattern = re.compile("|".join(f"({_loosely(one)})" for one in spellings))
        self._last = len(spellings)

    def text(self, text: str) -> str:
        """The text with the name replaced; a text without it comes back as it was."""
        composed = unicodedata.normalize("NFC", text)
        changed = self._pattern.sub(
            lambda found: self.words if found.lastindex == self._last else found[0], composed
        )
        return text if changed == composed else changed

    def json(self, text: str) -> str:
        """JSON with the name replaced in every text in it, as the ledger writes JSON."""
        value = json.loads(text)
        changed = self._within(value)
        return text if changed == value else json.dumps(changed, ensure_ascii=False, sort_keys=True)

    def _within(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._within(one) for one in value]
        if isinstance(value, dict):
            return {self._within(key): self._within(one) for key, one in value.items()}
        return value


def _loosely(name: str) -> str:
    """A pattern for a name as a command line may have it: any spaces, quotes as in a shell."""
    parts = (re.escape(part).replace("'", "(?:'|'\"'\"')") for part in name.split())
    return r"\s+".join(parts)
