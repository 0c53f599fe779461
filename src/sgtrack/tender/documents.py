"""Reads Word files, text files and pasted text as lines and tables."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.text import decode_text
from sgtrack.tender.pdf_process import read_pdf
from sgtrack.tender.tender_document import Block, Document, DocumentTable, Row, TableCell
from sgtrack.tender.word_document import InvalidWordFile, read_word_blocks
from sgtrack.zips import UNREADABLE

MAX_BYTES = 50_000_000
MAX_UNPACKED = 200_000_000
MAX_XML = 40_000_000
MAX_CHARACTERS = 300_000
FROM_TEXT = "把要用的文字复制出来存成 .txt，或在 Word 里另存为 .docx"


def read_document(path: Path) -> Document:
    """Read a .docx or a text file.

    Raises:
        Refused: the file cannot be read, is too big or empty, or has an unsupported format.
    """
    try:
        if path.is_dir():
            raise Refused(f"{path} 是文件夹", "写一个 .docx 或 .txt 文件的名字")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Refused(
                f"文件 {path} 有 {size // 1_000_000} MB，太大",
                f"只留服务要求这一部分，存成不超过 {MAX_BYTES // 1_000_000} MB 的文件",
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise Refused(
            f"文件 {path} 无法读取（{reason_of(error)}）", "检查文件名；它在 Word 里开着就先关掉"
        ) from None
    return read_content(content, path.name)


def read_content(content: bytes, name: str) -> Document:
    """Read the content of a file or pasted text.

    Raises:
        Refused: the content is empty, too long, damaged, or in an unsupported format.
    """
    if not content.strip():
        raise Refused(f"{name} 是空的，没有文字", "写有内容的 .docx 或 .txt 文件")
    notes: tuple[str, ...] = ()
    if content.startswith(b"PK"):
        blocks = _word(content, name)
    elif b"%PDF-" in content[:1024]:
        read, notes = read_pdf(content, name)
        blocks = tuple(map(_clean_block, read))
    else:
        _refuse_other_kinds(content, name)
        text = decode_text(content)
        if text is None or "\0" in text:
            raise Refused(f"{name} 不是文字文件，读不懂", FROM_TEXT)
        blocks = tuple(text_blocks(clean_text(text)))
    return _checked(Document(name, blocks, notes))


def _refuse_other_kinds(content: bytes, name: str) -> None:
    head = content[:2048]
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused(f"{name} 有密码，打不开", "在 Word 里打开，去掉密码后另存为 .docx")
        raise Refused(f"{name} 是旧的 Word 格式（.doc 或 .wps）", "在 Word 或 WPS 里另存为 .docx")
    if head.lstrip().startswith(b"{\\rtf"):
        raise Refused(f"{name} 是 RTF 格式", "在 Word 里另存为 .docx")
    if re.match(rb"\s*(<!doctype html|<html|mime-version:)", head, re.IGNORECASE):
        raise Refused(f"{name} 是网页", "在浏览器里打开，复制服务要求的文字存成 .txt")
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")):
        raise Refused(f"{name} 是图片，里面没有文字", "用识别文字的工具转成文字，核对后存成 .txt")


def _word(content: bytes, name: str) -> tuple[Block, ...]:
    damaged = Refused(
        f"{name} 打不开，文件已损坏", "在 Word 里打开修复后另存为 .docx，或复制文字存成 .txt"
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if any(part.flag_bits & 1 for part in parts):
                raise Refused(f"{name} 有密码，打不开", "去掉密码后再试")
            texts = [part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))]
            if sum(part.file_size for part in parts) > MAX_UNPACKED or sum(texts) > MAX_XML:
                raise Refused(f"{name} 解开后太大，不像正常的文档", FROM_TEXT)
    except (*UNREADABLE, OSError):
        raise damaged from None
    if "[Content_Types].xml" not in names or not any(n.startswith("word/") for n in names):
        raise Refused(f"{name} 不是 Word 文件", FROM_TEXT)
    try:
        return tuple(_clean_block(block) for block in read_word_blocks(content))
    except InvalidWordFile:
        raise damaged from None


def _clean_block(block: Block) -> Block:
    if isinstance(block, str):
        return clean_text(block)
    same = {
        id(cell): TableCell(tuple(clean_text(line) for line in cell.lines))
        for row in block.rows
        for cell in row
    }
    return DocumentTable(tuple(tuple(same[id(cell)] for cell in row) for row in block.rows))


def _checked(document: Document) -> Document:
    length = sum(map(len, _texts(document)))
    if length > MAX_CHARACTERS:
        raise Refused(
            f"{document.name} 有 {length} 个字，太长",
            f"只留服务要求这一部分（不超过 {MAX_CHARACTERS} 个字）再试",
        )
    if not any(map(str.strip, _texts(document))):
        raise Refused(
            f"{document.name} 里没有文字，可能是扫描件",
            "用识别文字的工具转成文字，核对后存成 .txt",
        )
    return document


def _texts(document: Document) -> Iterator[str]:
    """Yield the lines and cell texts one by one.

    Merged cells may repeat a long text many times, so a list of all texts could be too large.
    """
    for block in document.blocks:
        if isinstance(block, str):
            yield block
        else:
            yield from (cell.text for row in block.rows for cell in row)


def clean_text(text: str) -> str:
    """Remove characters that YAML forbids, and replace all line ends by LF."""
    text = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return re.sub(
        "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]", "", text
    )


def text_blocks(text: str) -> Iterator[Block]:
    """Yield the lines and tables of a text.

    A table may have one of three forms: cells separated by tabs, cells between vertical bars
    (| a | b |), or one line per cell, which begins with a tab. In the third form, a blank line
    separates the rows.
    """
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        for reader in (_stroked, _tabbed, _indented):
            rows, end = reader(lines, at)
            if rows:
                yield DocumentTable(tuple(rows))
                at = end
                break
        else:
            if lines[at].strip():
                yield lines[at].strip()
            at += 1


def _stroked(lines: list[str], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    while at < len(lines) and re.match(r"\s*\|.*\|.*$", lines[at]):
        cells = lines[at].strip().strip("|").split("|")
        if not all(re.fullmatch(r"\s*:?-+:?\s*", cell) for cell in cells):
            rows.append(tuple(TableCell((cell.strip(),)) for cell in cells))
        at += 1
    return rows, at


def _tabbed(lines: list[str], at: int) -> tuple[list[Row], int]:
    """Read rows whose cells are separated by tabs.

    A cell in quotes may span several lines, as in text copied from Excel.
    """
    if "\t" not in lines[at].strip("\t ") or not lines[at].strip():
        return [], at
    rows: list[Row] = []
    while at < len(lines) and "\t" in lines[at].strip(" ") and lines[at].strip():
        row = lines[at]
        while (
            row.count('"') % 2 and '\t"' in f"\t{row}" and at + 1 < len(lines) and len(row) < 20_000
        ):
            at += 1
            row = f"{row}\n{lines[at]}"
        rows.append(tuple(_text_cell(cell) for cell in row.split("\t")))
        at += 1
    return rows, at


def _indented(lines: list[str], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    end = at
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        if not lines[at].startswith("\t"):
            break
        cells: list[list[str]] = []
        while at < len(lines) and lines[at].strip():
            if lines[at].startswith("\t"):
                cells.append([lines[at].strip()])
            else:
                cells[-1].append(lines[at].strip())
            at += 1
        rows.append(tuple(TableCell(tuple(cell)) for cell in cells))
        end = at
    if max((len(row) for row in rows), default=0) < 2:
        return [], at  # Rows of only one cell are indented paragraphs
    return rows, end


def _text_cell(cell: str) -> TableCell:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1].replace('""', '"')
    return TableCell(tuple(line.strip() for line in cell.split("\n") if line.strip()) or ("",))
