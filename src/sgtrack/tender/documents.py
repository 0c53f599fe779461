"""Reads documents of all formats as lines and tables."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.text import decode_text
from sgtrack.privacy.office_encryption import ReadPassword, decrypt_office
from sgtrack.sheets.table_reader import parse_csv, parse_excel
from sgtrack.tender.html_document import MOST_BYTES as MOST_PAGE_BYTES
from sgtrack.tender.html_document import InvalidPage, is_web_page, read_web_page
from sgtrack.tender.layout_tables import unfold_layout
from sgtrack.tender.office_conversion import convert_to_docx
from sgtrack.tender.pdf_process import read_pdf
from sgtrack.tender.sheet_document import read_sheets
from sgtrack.tender.tender_document import Block, Document, DocumentTable, TableCell
from sgtrack.tender.text_tables import text_blocks
from sgtrack.tender.word_document import InvalidWordFile, read_word_blocks
from sgtrack.zips import UNREADABLE

MAX_BYTES = 50_000_000
MAX_UNPACKED = 200_000_000
MAX_XML = 40_000_000
MAX_CHARACTERS = 300_000
MAX_LINE = 1500
FROM_TEXT = "把要用的文字复制出来存成 .txt，或在 Word 里另存为 .docx"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_ODT = b"application/vnd.oasis.opendocument.text"


def read_document(path: Path, read_password: ReadPassword) -> Document:
    """Read a document: Word, PDF, web page, Excel, CSV, text, and what LibreOffice can convert.

    ``read_password`` asks for the password of a Word or Excel file that has one.

    Raises:
        Refused: the file cannot be read, is too big or empty, has an unsupported format or another
            password.
    """
    try:
        if path.is_dir():
            raise Refused(f"{path} 是文件夹", "写一个文件的名字，如 采购需求.docx")
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
    return read_content(decrypt_office(path.name, content, read_password), path.name)


def read_content(content: bytes, name: str) -> Document:
    """Read the content of a file or pasted text.

    The content decides about the format, because downloaded files often have a wrong extension.

    Raises:
        Refused: the content is empty, too long, damaged, or in an unsupported format.
    """
    if not content.strip():
        raise Refused(f"{name} 是空的，没有文字", "写有内容的文件的名字")
    blocks, notes = _read_blocks(content, name)
    clean = (part for block in blocks for part in _divide_block(_clean_block(block)))
    unfolded = tuple(part for block in clean for part in unfold_layout(block))
    return _checked(Document(name, unfolded, tuple(map(clean_text, notes))))


def read_word(content: bytes, name: str) -> Document:
    """Read the content of a .docx, and refuse all other formats; tables are not rearranged.

    Raises:
        Refused: the content is not a .docx, is damaged or too large, or has a password or no text.
    """
    if content.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(f"{name} 有密码，打不开", "在 Word 里打开，去掉密码后另存为 .docx")
    if not content.startswith(b"PK"):
        raise Refused(f"{name} 不是 Word 的 .docx 文件", "在 Word 或 WPS 里打开，另存为 .docx")
    return _checked(Document(name, tuple(map(_clean_block, _word(content, name)))))


def _read_blocks(content: bytes, name: str) -> tuple[Iterable[Block], tuple[str, ...]]:
    if content.startswith(b"PK"):
        return _packed(content, name)
    if content.startswith(_OLE):
        return _old_office(content, name)
    if b"%PDF-" in content[:1024]:
        return read_pdf(content, name)
    if content.lstrip()[:6].startswith(b"{\\rtf"):
        return _word(convert_to_docx(content, ".rtf", name), name), ()
    if is_web_page(content):
        return _web_page(content, name), ()
    if content.startswith(_PICTURES):
        raise Refused(f"{name} 是图片，里面没有文字", "用识别文字的工具转成文字，核对后存成 .txt")
    if name.lower().endswith((".csv", ".tsv")):
        return read_sheets((parse_csv(Path(name), content),))
    text = decode_text(content)
    if text is None or "\0" in text:
        raise Refused(f"{name} 不是文字文件，读不懂", FROM_TEXT)
    text = re.sub(r"\n(?:[^\S\n]*\n){2,}", "\n\n", clean_text(text))
    _check_length(len(text) - text.count(" ") - text.count("\u3000"), name)
    return text_blocks(text), ()


def _old_office(content: bytes, name: str) -> tuple[Iterable[Block], tuple[str, ...]]:
    """Read a file of Word or Excel 97 or WPS, by the names of the streams in it."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise Refused(f"{name} 有密码，打不开", "在 Word 里打开，去掉密码后另存为 .docx")
    if not has("WordDocument") and (has("Workbook") or has("Book\0")):
        return read_sheets(parse_excel(Path(name), content))
    if has("PowerPoint Document"):
        raise Refused(f"{name} 是演示文稿", FROM_TEXT)
    return _word(convert_to_docx(content, ".doc", name), name), ()


def _packed(content: bytes, name: str) -> tuple[Iterable[Block], tuple[str, ...]]:
    """Read a zip file of Word, Excel or LibreOffice."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            kind = package.read("mimetype")[:100] if "mimetype" in names else b""
    except (*UNREADABLE, OSError):
        return _word(content, name), ()
    if "xl/workbook.xml" in names:
        return read_sheets(parse_excel(Path(name), content))
    if kind.startswith(_ODT):
        return _word(convert_to_docx(content, ".odt", name), name), ()
    if "xl/workbook.bin" in names or b"spreadsheet" in kind:
        raise Refused(f"{name} 不是 .xlsx 表格", "在 Excel 或 WPS 里打开，另存为 .xlsx")
    return _word(content, name), ()


def _web_page(content: bytes, name: str) -> list[Block]:
    if len(content) > MOST_PAGE_BYTES:
        raise Refused(
            f"{name} 有 {len(content) // 1_000_000} MB，不像网页",
            "在浏览器里打开，复制服务要求的文字存成 .txt",
        )
    try:
        return read_web_page(content)
    except InvalidPage:
        raise Refused(
            f"{name} 是网页，但读不出文字", "在浏览器里打开，复制服务要求的文字存成 .txt"
        ) from None


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
        return tuple(read_word_blocks(content))
    except InvalidWordFile:
        raise damaged from None


def _clean_block(block: Block) -> Block:
    return clean_text(block) if isinstance(block, str) else _map_lines(block, clean_text)


def _divide_block(block: Block) -> list[Block]:
    if isinstance(block, str):
        return [*_divide(block)]
    return [_map_lines(block, lambda line: "\n".join(_divide(line)))]


def _map_lines(table: DocumentTable, change: Callable[[str], str]) -> DocumentTable:
    """Change the lines of all cells; a line break in the result begins a new line."""
    cells = {id(cell): cell for row in table.rows for cell in row}
    changed = {
        key: TableCell(tuple(part for line in cell.lines for part in change(line).split("\n")))
        for key, cell in cells.items()
    }
    return DocumentTable(tuple(tuple(changed[id(cell)] for cell in row) for row in table.rows))


def _divide(line: str) -> list[str]:
    """Divide a line that is much longer than any clause, if possible at the end of a sentence.

    Reading a clause takes a time that grows with the square of its length.
    """
    if len(line) <= MAX_LINE:
        return [line]
    sentence = rf".{{1,{MAX_LINE}}}[。；;]|.{{1,{MAX_LINE}}}(?=[，,\s]|$)|.{{1,{MAX_LINE}}}"
    return re.findall(sentence, line, re.DOTALL)


def _checked(document: Document) -> Document:
    _check_length(sum(map(len, _texts(document))), document.name)
    if not any(map(str.strip, _texts(document))):
        raise Refused(
            f"{document.name} 里没有文字，可能是扫描件",
            "用识别文字的工具转成文字，核对后存成 .txt",
        )
    return document


def _check_length(length: int, name: str) -> None:
    if length > MAX_CHARACTERS:
        raise Refused(
            f"{name} 有 {length} 个字，太长",
            f"只留服务要求这一部分（不超过 {MAX_CHARACTERS} 个字）再试",
        )


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
