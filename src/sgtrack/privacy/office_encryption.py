"""Encrypts and decrypts Office files with a password, as Excel and WPS do.

The encryption is that of [MS-OFFCRYPTO]: AES-256 and SHA-512 (agile encryption) for a file that is
written, and every method of Excel 97 and later for a file that is read. A foreign file is decrypted
in a child process, whose time and memory are bounded; see
:mod:`sgtrack.privacy.office_decryption`.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable

from sgtrack.child_process import ChildTooSlow, run_child
from sgtrack.model.errors import Refused, reason_of

DECRYPT_OFFICE = "--decrypt-office"
"""The only argument of the child process; ``sgtrack.__main__`` starts the decryption with it."""
MOST_CHARACTERS = 255
"""The maximum number of characters of a password in Excel."""
MOST_SECONDS = 120
ReadPassword = Callable[[str], str]
"""A function that returns the password of the file with the given name."""
_DEFAULT = "VelvetSweatshop"
"""Excel's own password, for protected files that open without asking for one."""
_CONTAINER = bytes.fromhex("d0cf11e0a1b11ae1")
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The name of the stream that contains an encrypted .xlsx or .docx."""
_LOCKED_XLS = re.compile(
    rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL
)
"""The records BOF and FilePass, with which the workbook of an encrypted .xls begins."""
_REMEDY = "在 Excel 或 WPS 里用密码打开，另存为没有密码的文件"
_REASONS = {
    "wrong": ("打不开：密码不对", "检查大小写和输入法，再试一次"),
    "altered": ("打不开：文件被改动过、不完整", "重新要一份文件"),
    "unsupported": ("的加密方式不认识", _REMEDY),
}


def is_protected(content: bytes) -> bool:
    """Return whether a file is an encrypted .xlsx, .docx or .xls."""
    return content.startswith(_CONTAINER) and (
        _PACKAGE in content or _LOCKED_XLS.search(content) is not None
    )


def encrypt_workbook(content: bytes, password: str) -> bytes:
    """Return an .xlsx file encrypted with a password.

    Raises:
        Refused: the password is longer than Excel allows.
    """
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415 - few commands encrypt

    if len(password) > MOST_CHARACTERS:
        raise Refused(f"密码太长，Excel 最多 {MOST_CHARACTERS} 个字", "换一个短一些的密码")
    encrypted = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(unicodedata.normalize("NFC", password), encrypted)
    return encrypted.getvalue()


def decrypt_office(name: str, content: bytes, read_password: ReadPassword) -> bytes:
    """Return the content of an Office file, decrypted if the file is encrypted.

    The password is asked for only if the file has one. ``name`` is shown in messages.

    Raises:
        Refused: the password is wrong, or the file cannot be decrypted.
    """
    if not is_protected(content):
        return content
    state, decrypted = _run(name, content, _DEFAULT)
    if state == "wrong":
        state, decrypted = _run(name, content, unicodedata.normalize("NFC", read_password(name)))
    if state == "plain":
        return content
    if state in _REASONS:
        reason, hint = _REASONS[state]
        raise Refused(f"文件 {name} {reason}", hint)
    return decrypted


def _run(name: str, content: bytes, password: str) -> tuple[str, bytes]:
    """Decrypt a file in a child process.

    Returns:
        The state, and the content if the state is ``decrypted``.
    """
    try:
        given = json.dumps(password).encode() + b"\n" + content
        state, _, decrypted = run_child(DECRYPT_OFFICE, given, MOST_SECONDS).partition(b"\n")
    except ChildTooSlow:
        raise Refused(f"文件 {name} 解密了 {MOST_SECONDS} 秒还没有完", _REMEDY) from None
    except OSError as error:
        raise Refused(
            f"文件 {name} 无法解密：不能启动另一个进程（{reason_of(error)}）", _REMEDY
        ) from error
    return state.decode("ascii", "replace") or "altered", decrypted
