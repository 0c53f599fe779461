"""Decrypts an Office file in a child process, and writes its content to standard output.

A damaged or hostile file can use up the time and the memory of this process only. The password is
read from standard input, because other users can see the arguments of a process.
:mod:`sgtrack.privacy.office_encryption` starts the process.
"""

from __future__ import annotations

import io
import json
import logging
import sys

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from sgtrack.child_process import limit_memory, limit_time

MOST_MEMORY = 1_500_000_000
"""Maximum address space of this process, in bytes; only Linux enforces it."""
MOST_SECONDS = 100


def main() -> None:
    """Read a password in JSON and a file from standard input; write the result.

    The result is the state in one line, and the decrypted content if the state is ``decrypted``.
    """
    limit_memory(MOST_MEMORY)
    limit_time(MOST_SECONDS)
    logging.disable()
    password = json.loads(sys.stdin.buffer.readline())
    state, content = decrypt(sys.stdin.buffer.read(), password)
    sys.stdout.buffer.write(state.encode() + b"\n" + content)


def decrypt(content: bytes, password: str) -> tuple[str, bytes]:
    """Decrypt a file; return the state, and the content, which is empty if this fails.

    The states are ``decrypted``, ``plain`` (without a password), ``wrong`` (the password),
    ``altered`` (the file) and ``unsupported``.
    """
    state = "altered"
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not file.is_encrypted():
            return "plain", b""
        is_package = isinstance(file, OOXMLFile)
        state = "wrong"
        if not password:
            return state, b""
        file.load_key(password=password, **({"verify_password": True} if is_package else {}))
        state = "altered"
        decrypted = io.BytesIO()
        file.decrypt(decrypted, **({"verify_integrity": True} if is_package else {}))
    except InvalidKeyError:
        return state, b""
    except DecryptionError:
        return "unsupported", b""
    except Exception:  # the library raises any exception for a damaged file
        return "altered", b""
    return "decrypted", decrypted.getvalue()
