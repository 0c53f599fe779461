"""Makes small PDF files: text at given places, and rules, without embedded fonts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WIDTH, HEIGHT = 595.0, 842.0
SIZE = 12.0
LEFT, RIGHT = 72.0, WIDTH - 72.0
_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
    "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 "
    "/W [1 95 500] /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 "
    "/Ascent 880 /Descent -120 /CapHeight 700 /ItalicAngle 0 /StemV 80 /FontBBox [0 -120 1000 880] "
    ">> >>] >>"
)


def width_of(text: str, size: float = SIZE) -> float:
    """The width of a text in points."""
    return sum(0.5 if char < "\x7f" else 1.0 for char in text) * size


def wrap(text: str, width: float) -> list[str]:
    """The lines of a paragraph, broken where a line is full, as Word does."""
    lines = [""]
    for char in text:
        if width_of(lines[-1] + char) > width and char not in "，。；：）、":
            lines.append("")
        lines[-1] += char
    return lines


class PdfPage:
    """The drawing commands of a page; places are measured from its top left corner."""

    def __init__(self, width: float = WIDTH) -> None:
        self.commands: list[str] = []
        self.width = width

    def text(self, left: float, top: float, text: str, size: float = SIZE) -> None:
        """Print a text whose upper left corner is at a place."""
        code = text.encode("utf-16-be").hex()
        place = f"1 0 0 1 {left:.2f} {HEIGHT - top - 0.88 * size:.2f} Tm"
        self.commands.append(f"BT /F1 {size} Tf {place} <{code}> Tj ET")

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a line."""
        self.commands.append(f"0.5 w {x0:.2f} {HEIGHT - y0:.2f} m {x1:.2f} {HEIGHT - y1:.2f} l S")

    def paragraph(self, top: float, text: str, *, indent: float = 2 * SIZE) -> float:
        """Print a paragraph with an indented first line; return where the next one begins."""
        first, *rest = wrap("\0" * round(indent / SIZE * 2) + text, RIGHT - LEFT)
        self.text(LEFT + indent, top, first.lstrip("\0"))
        for line in rest:
            top += 1.5 * SIZE
            self.text(LEFT, top, line)
        return top + 1.5 * SIZE

    def table(
        self,
        top: float,
        edges: Sequence[float],
        rows: Iterable[Sequence[str | None]],
        *,
        sides: bool = True,
    ) -> float:
        """Draw a ruled table; None joins a cell with the cell above. Return where it ends.

        Without ``sides``, it has no rules at the left and right, as many tables in Word.
        """
        self.rule(edges[0], top, edges[-1], top)
        grid = list(rows)
        for n, row in enumerate(grid):
            below = grid[n + 1] if n + 1 < len(grid) else [""] * len(row)
            height = 0.0
            for left, right, cell in zip(edges, edges[1:], row, strict=False):
                y = top + 4
                for paragraph in (cell or "").split("\n"):
                    for line in wrap(paragraph, right - left - 11):
                        self.text(left + 5.4, y, line)
                        y += 1.3 * SIZE
                height = max(height, y - top)
            for x in edges if sides else edges[1:-1]:
                self.rule(x, top, x, top + height)
            top += height
            for left, right, cell in zip(edges, edges[1:], below, strict=False):
                if cell is not None:
                    self.rule(left, top, right, top)
        return top


def pdf_file(pages: Sequence[PdfPage]) -> bytes:
    """The file."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        _FONT,
    ]
    for n, page in enumerate(pages):
        commands = "\n".join(page.commands)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * n} 0 R >>",
            f"<< /Length {len(commands)} >>\nstream\n{commands}\nendstream",
        ]
    written, places = "%PDF-1.4\n", []
    for n, content in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{n} 0 obj\n{content}\nendobj\n"
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    written += "".join(f"{place:010d} 00000 n \n" for place in places)
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return written.encode("latin-1")
