"""Pseudonyms: the same name always gives the same one, and none gives a hint of its name.

A pseudonym is made from the name and a secret of the workspace. The secret lies in a file of its
own beside the ledger, in no backup and no export, so that whoever has only the ledger cannot try
names against it. Once the file is deleted, nobody can.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.masking import Pseudonym

SECRET_FILE = "forget.key"  # noqa: S105 - the name of the file
PREFIX = "居民"
_SHORTEST = 4
_TAG_BYTES = 16


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
