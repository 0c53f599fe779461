"""Draws the pictures of docs/zh/第一个月.md: its screens, and the pages of its brief.

The pages need LibreOffice, pdftoppm and a font with Chinese characters; without them, only the
screens are drawn.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from screen_pictures import draw_screen
from tutorial import perform

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "zh" / "第一个月.md"
BRIEF = "sanli-2026-01.docx"
BRIEF_PAGES = ROOT / "docs" / "images" / "first-month-brief.png"
_DPI = 60


def main() -> int:
    """Write the pictures."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        for command, _, reader in perform(PAGE.read_text(encoding="utf-8"), Path(folder)):
            if command.picture:
                picture = PAGE.parent / command.picture
                screen = draw_screen(reader.picture(), "sgtrack（示例）", picture.stem)
                picture.write_text(screen, encoding="utf-8")
        _draw_pages(reader.root / "briefs" / BRIEF, Path(folder))
    return 0


def _draw_pages(brief: Path, folder: Path) -> None:
    """Draw all pages of a Word file side by side."""
    office, renderer = shutil.which("soffice"), shutil.which("pdftoppm")
    if office is None or renderer is None:
        print("the pages of the brief need soffice and pdftoppm", file=sys.stderr)
        return
    shutil.copyfile(brief, folder / "brief.docx")  # LibreOffice may not open a Chinese name
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    convert = ["--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [office, profile, *convert, str(folder / "brief.docx")], check=True, capture_output=True
    )
    pdf = [renderer, "-png", "-r", str(_DPI), str(folder / "brief.pdf")]
    subprocess.run([*pdf, str(folder / "page")], check=True)
    pages = [Image.open(path) for path in sorted(folder.glob("page-*.png"))]
    whole = Image.new("RGB", (sum(p.width for p in pages), pages[0].height), "white")
    left = 0
    for page in pages:
        whole.paste(page, (left, 0))
        left += page.width
    whole.quantize(64).save(BRIEF_PAGES, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
