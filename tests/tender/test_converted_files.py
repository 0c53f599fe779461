"""Old Word files are read through LibreOffice, and refused where it is not installed."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from sgtrack.model.errors import Refused
from sgtrack.tender import office_conversion
from sgtrack.tender.documents import read_content
from sgtrack.tender.office_conversion import find_libreoffice
from sgtrack.tender.tender_document import DocumentTable

from .word_documents import saved, wuli

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
needs_libreoffice = pytest.mark.skipif(
    find_libreoffice() is None or sys.platform == "win32", reason="LibreOffice is not installed"
)


def converted(content: bytes, extension: str, folder: Path) -> bytes:
    """A Word or Excel file in another format."""
    program = find_libreoffice()
    assert program is not None
    source = folder / ("x.xlsx" if extension == "xls" else "x.docx")
    source.write_bytes(content)
    subprocess.run(
        [
            *(program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--convert-to", extension, source.name),
        ],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    return source.with_suffix(f".{extension}").read_bytes()


def closed(content: bytes) -> bytes:
    """A Word file in which a paragraph follows the last table, as Word always has it."""
    document = docx.Document(io.BytesIO(content))
    document.add_paragraph()
    return saved(document)


@needs_libreoffice
@pytest.mark.parametrize("extension", ["doc", "odt", "rtf"])
def test_what_libreoffice_converts(extension: str, tmp_path: Path) -> None:
    content = converted(closed(wuli()), extension, tmp_path)
    tables = [
        b for b in read_content(content, f"x.{extension}").blocks if isinstance(b, DocumentTable)
    ]
    indicators = tables[1].rows
    assert [cell.text for cell in indicators[0]] == [
        *("序号", "服务类别", "考核指标", "服务内容", "考核分值"),
    ]
    assert indicators[1][1] is indicators[2][1]
    assert indicators[1][2].lines[0] == "1.开展困难家庭调查走访300户，形成调查报告1份；"


def refusal(content: bytes, name: str) -> Refused:
    with pytest.raises(Refused) as refused:
        read_content(content, name)
    return refused.value


@needs_libreoffice
def test_a_damaged_old_file_is_refused() -> None:
    assert "已损坏" in refusal(OLE, "x.doc").message


@pytest.mark.parametrize(("content", "kind"), [(OLE, ".doc"), (b"{\\rtf1 abc}", ".rtf")])
def test_without_libreoffice_the_way_out_is_said(
    content: bytes, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_conversion, "find_libreoffice", lambda: None)
    error = refusal(content, f"需求{kind}")
    assert f"{kind} 文件" in error.message
    assert "另存为 .docx" in str(error.hint)
    assert "LibreOffice" in str(error.hint)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for LibreOffice")
@pytest.mark.parametrize(
    "script", ["sleep 60 & sleep 60", "exit 0", "exit 3"], ids=["hangs", "writes nothing", "fails"]
)
def test_a_conversion_that_does_not_succeed_ends(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(office_conversion, "find_libreoffice", lambda: str(program))
    monkeypatch.setattr(office_conversion, "MOST_SECONDS", 0.3)
    assert "转换不了" in refusal(OLE, "x.doc").message


def test_a_large_file_is_not_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_conversion, "find_libreoffice", lambda: "soffice")
    assert "太大" in refusal(OLE + bytes(21_000_000), "x.wps").message


def test_a_word_file_needs_no_conversion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_conversion, "find_libreoffice", lambda: None)
    assert read_content(wuli(), "x.doc").blocks
