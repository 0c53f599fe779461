"""Encrypts and decrypts files with a passphrase; docs/security.md describes the format.

Scrypt derives the key from the passphrase. ChaCha20-Poly1305 encrypts the content in chunks, so
that a file of any size needs little memory. Each chunk is authenticated together with the header,
the number of the chunk and a flag for the last chunk. An altered or shortened file is therefore
refused.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sgtrack.files import make_private_file, replacing, unwritable
from sgtrack.model.errors import Refused, reason_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MAGIC = b"SGTRSEAL"
VERSION = 1
MIN_CHARACTERS = 8
"""The minimum number of characters of a passphrase."""
_HEADER = struct.Struct(">8sBBBB16sI7s")
_LOG_N, _R, _P = 16, 8, 1
"""The cost parameters of scrypt: 64 MiB of memory and a fraction of a second for each file."""
_CHUNK = 1 << 16
_TAG = 16
Writing = Callable[[Path], AbstractContextManager[Path]]
"""A function that yields a temporary path, and at the end renames the file to the given path."""
_REASON = "密码不对，或者文件被改动过、不完整"


def encrypt_file(content: BinaryIO, target: Path, passphrase: str, writing: Writing) -> None:
    """Encrypt the content of an open file and write it to ``target`` by means of ``writing``.

    Raises:
        Refused: ``target`` cannot be written.
    """
    header = _HEADER.pack(MAGIC, VERSION, _LOG_N, _R, _P, os.urandom(16), _CHUNK, os.urandom(7))
    try:
        cipher = _cipher(header, passphrase)
        with writing(target) as partial:
            make_private_file(partial)
            with partial.open("wb") as file:
                file.write(header)
                for nonce, chunk in _chunks(content, header, _CHUNK):
                    file.write(cipher.encrypt(nonce, chunk, header))
    except OSError as error:
        raise unwritable(target, error) from error


def decrypt_file(source: Path, target: Path, passphrase: str) -> None:
    """Decrypt a file and write its content to ``target``.

    Nothing is written if a chunk is invalid.

    Raises:
        Refused: the passphrase is wrong, ``source`` is not an encrypted file or was altered, or a
            file cannot be read or written.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - few commands encrypt

    try:
        with source.open("rb") as file:
            header = file.read(_HEADER.size)
            size = _check_header(source, header)
            cipher = _cipher(header, passphrase)
            with replacing(target) as partial:
                make_private_file(partial)
                with partial.open("wb") as plain:
                    for nonce, chunk in _chunks(file, header, size + _TAG):
                        plain.write(cipher.decrypt(nonce, chunk, header))
    except InvalidTag:
        raise Refused(f"{source} 打不开：{_REASON}", "检查密码；还不行就重新要一份文件") from None
    except OSError as error:
        raise Refused(
            f"{source} 不能还原成 {target}（{reason_of(error)}）",
            "检查文件名、磁盘空间和权限；文件正打开着就先关掉，再试一次",
        ) from error


def is_encrypted(path: Path) -> bool:
    """Return whether the first bytes of a file mark it as encrypted by this program."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def check_passphrase(passphrase: str) -> str:
    """Return the passphrase after checking its length.

    Raises:
        Refused: the passphrase has fewer than ``MIN_CHARACTERS`` characters.
    """
    if len(passphrase) < MIN_CHARACTERS:
        raise Refused(f"密码太短，不到 {MIN_CHARACTERS} 个字", "用一句话当密码，又长又好记")
    return passphrase


def _check_header(source: Path, header: bytes) -> int:
    """Check a header and return the size of a chunk in bytes.

    Raises:
        Refused: the header is invalid, or decrypting would exhaust the memory.
    """
    if len(header) < _HEADER.size or not header.startswith(MAGIC):
        raise Refused(f"{source} 不是 sgtrack 加密的文件", "检查文件名")
    _, version, log_n, r, p, _, size, _ = _HEADER.unpack(header)
    if version != VERSION:
        raise Refused(f"{source} 是更新版本的 sgtrack 加密的", "升级 sgtrack 后再打开")
    if not (10 <= log_n <= 20 and 1 <= r <= 16 and 1 <= p <= 4 and 1 <= size <= 1 << 24):
        raise Refused(f"{source} 打不开：{_REASON}", "重新要一份文件")
    return int(size)


def _cipher(header: bytes, passphrase: str) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers import aead  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415

    _, _, log_n, r, p, salt, _, _ = _HEADER.unpack(header)
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    try:
        key = Scrypt(salt=salt, length=32, n=1 << log_n, r=r, p=p).derive(typed)
        return aead.ChaCha20Poly1305(key)
    except MemoryError:
        raise Refused("内存不够，打不开加密的文件", "关掉其他程序再试") from None


def _chunks(content: BinaryIO, header: bytes, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield the nonce and the content of each chunk of at most ``size`` bytes.

    A nonce contains the number of the chunk and a flag for the last chunk.
    """
    prefix = header[-7:]
    chunk = content.read(size)
    for number in range(1 << 32):
        following = content.read(size)
        last = not following
        yield prefix + number.to_bytes(4, "big") + bytes([last]), chunk
        if last:
            return
        chunk = following
    raise Refused("文件太大，不能加密", "分成几份")
