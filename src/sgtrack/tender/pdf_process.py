"""Reads a PDF in a child process, whose time and memory are bounded."""

from __future__ import annotations

import json
from typing import Any

from sgtrack.child_process import ChildTooSlow, run_child
from sgtrack.model.errors import Refused, reason_of
from sgtrack.tender.tender_document import Block, DocumentTable, TableCell

READ_PDF = "--read-pdf"
"""The only argument of the child process; ``sgtrack.__main__`` starts the reader with it."""
MOST_SECONDS = 60
"""Maximum time in seconds; the process itself ends sooner unless the computer is busy."""
_PRINT_PAGES = "把写服务要求的那几页另存（打印）成一个 PDF 再试，或用 Word 打开后另存为 .docx"
_REASONS = {
    "locked": ("有密码，打不开", "用密码打开，另存为没有密码的 PDF"),
    "long": ("有 {pages} 页，太长", _PRINT_PAGES),
    "slow": ("太复杂：{pages} 页里只读完 {read} 页就到了时限", _PRINT_PAGES),
    "complex": ("太复杂，读不完", _PRINT_PAGES),
    "scan": (
        "是扫描件（只有图片，没有文字）",
        "用识别文字的工具转成文字，核对后存成 .docx 或 .txt",
    ),
    "garbled": (
        "的字体没有编码，复制出来也是乱码",
        "用 Word 或 WPS 打开看文字对不对，另存为 .docx；不行就当扫描件识别文字",
    ),
    "damaged": ("打不开，文件已损坏", "用阅读器打开后另存（打印）成 PDF，或复制文字存成 .txt"),
}


def read_pdf(content: bytes, name: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Read a PDF.

    Returns:
        Its lines and tables, and remarks on what was not read.

    Raises:
        Refused: the file is a scan, encrypted, damaged, or takes too much time or memory.
    """
    result = _run_reader(content, name)
    if "error" in result:
        reason, hint = _REASONS[result["error"]]
        raise Refused(f"{name} {reason.format(**result)}", hint)
    notes: tuple[str, ...] = ()
    if result["scans"]:
        pages = "、".join(map(str, result["scans"]))
        notes = (f"第 {pages} 页是扫描的图片，没有读",)
    return tuple(_from_json(block) for block in result["blocks"]), notes


def _run_reader(content: bytes, name: str) -> dict[str, Any]:
    try:
        output = run_child(READ_PDF, content, MOST_SECONDS)
    except ChildTooSlow:
        return {"error": "complex"}
    except OSError as error:
        raise Refused(
            f"{name} 无法读取：不能启动另一个进程（{reason_of(error)}）",
            "用 Word 打开后另存为 .docx",
        ) from error
    try:
        result: dict[str, Any] = json.loads(output)
    except ValueError:  # The process was ended by the system.
        return {"error": "complex"}
    return result


def _from_json(block: Any) -> Block:
    if isinstance(block, str):
        return block
    cells = [TableCell(tuple(lines)) for lines in block["cells"]]
    return DocumentTable(tuple(tuple(cells[n] for n in row) for row in block["rows"]))
