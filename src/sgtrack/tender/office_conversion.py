"""Converts .doc, .wps, .odt and .rtf files to .docx with LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from sgtrack.model.errors import Refused, reason_of

MOST_SECONDS = 60
MOST_PROCESSOR_SECONDS = 9
"""Maximum processor time; a usual document takes two seconds. Windows does not enforce it."""
MOST_BYTES = 20_000_000
_SAVE_AS = "在 Word 或 WPS 里打开，另存为 .docx"
_PROGRAMS = ("soffice", "libreoffice")
_FOLDERS = (
    r"C:\Program Files\LibreOffice\program",
    r"C:\Program Files (x86)\LibreOffice\program",
    "/Applications/LibreOffice.app/Contents/MacOS",
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
"""Settings with which LibreOffice runs no macro of the document and loads nothing from the net."""


def find_libreoffice() -> str | None:
    """Return the path of the program, or None if LibreOffice is not installed."""
    for name in _PROGRAMS:
        found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(_FOLDERS))
        if found:
            return found
    return None


def convert_to_docx(content: bytes, suffix: str, name: str) -> bytes:
    """Convert a file to .docx.

    ``suffix`` is the extension of its format, such as .doc.

    Raises:
        Refused: LibreOffice is not installed, cannot read the file, or takes too long.
    """
    program = find_libreoffice()
    if program is None:
        raise Refused(
            f"{name} 是 {suffix} 文件，这台电脑上没有能读它的 LibreOffice",
            f"{_SAVE_AS}；或装上 LibreOffice 再试",
        )
    if len(content) > MOST_BYTES:
        raise Refused(
            f"{name} 有 {len(content) // 1_000_000} MB，太大", f"{_SAVE_AS}，只留服务要求这一部分"
        )
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            converted = _convert(program, content, suffix, Path(folder))
    except OSError as error:
        raise Refused(f"{name} 无法转换（{reason_of(error)}）", _SAVE_AS) from error
    if converted is None:
        raise Refused(
            f"{name} 转换不了：可能有密码、已损坏，或太长太复杂",
            f"{_SAVE_AS}；有密码的先去掉密码，太长的只留服务要求这一部分",
        )
    return converted


def _convert(program: str, content: bytes, suffix: str, folder: Path) -> bytes | None:
    """Run LibreOffice with a profile of its own; return None if it writes no file."""
    import subprocess  # noqa: PLC0415 - few files need it

    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    source = folder / f"tender{suffix}"
    source.write_bytes(content)
    limit = f'ulimit -t {MOST_PROCESSOR_SECONDS}; exec "$@"'
    limited = [] if sys.platform == "win32" else ["/bin/sh", "-c", limit, "sh"]
    with subprocess.Popen(  # noqa: S603 - the path comes from the system
        [
            *(*limited, program, f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
            *("--headless", "--norestore", "--convert-to", "docx", "--outdir", str(folder)),
            str(source),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:
        try:
            child.wait(MOST_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if child.poll() is None:
                _end(child.pid)
    result = folder / "tender.docx"
    return result.read_bytes() if result.exists() else None


def _end(process: int) -> None:
    """End LibreOffice with the processes that it started."""
    if sys.platform == "win32":
        import subprocess  # noqa: PLC0415

        command = ["taskkill", "/F", "/T", "/PID", str(process)]
        with suppress(OSError):
            subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    else:
        import signal  # noqa: PLC0415

        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process, signal.SIGKILL)
