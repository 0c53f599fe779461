"""The glossary and the texts agree: its terms are used, and the words that they replace are not."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "zh" / "用语.md"
READ_NOT_SHOWN = ("src/sgtrack/sentence/", "src/sgtrack/tender/", "src/sgtrack/sheets/headings.py")
"""Sources whose Chinese words are those that officers and tenders write."""


def rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in cells if row[0] != "用语" and not row[0].startswith("---")]


def shown() -> dict[str, str]:
    """Every text from which screens and documents are made, by its path."""
    paths = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "templates").glob("*.md"),
        *(ROOT / "templates").glob("*.html"),
        *(ROOT / "docs" / "zh").glob("*.md"),
        ROOT / "README.zh-CN.md",
    ]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    for path in (ROOT / "templates").glob("*.docx"):
        with ZipFile(path) as archive:
            xml = archive.read("word/document.xml").decode("utf-8")
        texts[path.relative_to(ROOT).as_posix()] = re.sub("<[^>]+>", "", xml)
    # The last column of the glossary itself names the replaced words.
    own = GLOSSARY.relative_to(ROOT).as_posix()
    texts[own] = "\n".join("|".join(row[:3]) for row in rows())
    return {name: text for name, text in texts.items() if not name.startswith(READ_NOT_SHOWN)}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_term_is_used_and_what_it_replaces_is_not(row: list[str]) -> None:
    term, meaning, place, replaced = row
    assert meaning
    assert place
    texts = shown()
    for word in replaced.split("、"):
        assert [name for name, text in texts.items() if word in text] == [], f"{word} → {term}"
    program = "".join(text for name, text in texts.items() if not name.startswith("docs/"))
    for part in re.split(r"[…、，（）]+", term):
        assert part in program, part


def test_a_replaced_word_is_not_itself_a_term() -> None:
    terms = {part for row in rows() for part in row[0].split("、")}
    replaced = {word for row in rows() for word in row[3].split("、")}
    assert len(rows()) > 20
    assert all(replaced)
    assert not terms & replaced
