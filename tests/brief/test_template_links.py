"""Templates, and what they include, follow no links out of the folder of templates."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from sgtrack.brief.rendering import render
from sgtrack.model.errors import Refused

from ..support.files import needs_links

pytestmark = needs_links

HIDDEN = "外面的内容"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file and a folder outside the templates."""
    folder = tmp_path / "outside"
    folder.mkdir()
    path = folder / "secret.html"
    path.write_text(HIDDEN, encoding="utf-8")
    return path


@pytest.fixture
def templates(tmp_path: Path, secret: Path) -> Path:
    """A folder of templates with a template of its own and with links to the secret."""
    folder = tmp_path / "templates"
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "own.html").write_text("自己的", encoding="utf-8")
    (folder / "linked.html").symlink_to(secret)
    (folder / "relative.html").symlink_to(Path("..") / "outside" / "secret.html")
    (folder / "folder").symlink_to(secret.parent, target_is_directory=True)
    (folder / "parts" / "chain.html").symlink_to(folder / "linked.html")
    (folder / "inside.html").symlink_to(folder / "parts" / "own.html")
    return folder


LEADING_OUT = [
    *("linked.html", "relative.html", "folder/secret.html", "parts/chain.html"),
    *("../outside/secret.html", "parts/../../outside/secret.html", "..\\\\outside\\\\secret.html"),
]


@pytest.mark.parametrize("name", LEADING_OUT)
@pytest.mark.parametrize("tag", ["include '{}'", "extends '{}'", "import '{}' as x"])
def test_a_page_reads_nothing_outside(templates: Path, name: str, tag: str) -> None:
    page = templates / "brief.html"
    page.write_text("{% " + tag.format(name) + " %}", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        render(page, {})
    assert HIDDEN not in str(refused.value)


def test_an_absolute_path_reads_nothing_outside(templates: Path, secret: Path) -> None:
    page = templates / "brief.html"
    page.write_text("{% include '" + secret.as_posix() + "' %}", encoding="utf-8")
    with pytest.raises(Refused):
        render(page, {})


@pytest.mark.parametrize("name", ["parts/own.html", "inside.html"])
def test_a_page_includes_what_lies_in_the_folder(templates: Path, name: str) -> None:
    page = templates / "brief.html"
    page.write_text("{% include '" + name + "' %}", encoding="utf-8")
    assert render(page, {}).decode("utf-8") == "自己的"


def word_template(templates: Path, change: Callable[[bytes], bytes]) -> Path:
    """Write a Word template for briefs whose main part is changed; return its path."""
    word = templates / "brief.docx"
    with (
        ZipFile(Path(__file__).parents[2] / "templates" / "training.docx") as old,
        ZipFile(word, "w") as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            is_main = entry.filename == "word/document.xml"
            new.writestr(entry, change(content) if is_main else content)
    return word


@pytest.mark.parametrize("name", ["linked.html", "parts/own.html", "../outside/secret.html"])
def test_markdown_and_word_include_nothing(templates: Path, name: str) -> None:
    page = templates / "brief.md"
    page.write_text("{% include '" + name + "' %}", encoding="utf-8")
    added = "<w:p><w:r><w:t>{% include '" + name + "' %}</w:t></w:r></w:p>"
    word = word_template(
        templates, lambda document: document.replace(b"<w:body>", b"<w:body>" + added.encode(), 1)
    )
    for template in (page, word):
        with pytest.raises(Refused) as refused:
            render(template, {})
        assert HIDDEN not in str(refused.value)


def test_word_reads_no_external_entity(templates: Path, secret: Path) -> None:
    def refer_to_it(document: bytes) -> bytes:
        start, body, _ = document.partition(b"<w:body>")
        doctype = f'<!DOCTYPE w [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'.encode()
        start = start.replace(b"<w:document", doctype + b"<w:document", 1)
        text = b"<w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
        return start + body + text

    word = word_template(templates, refer_to_it)
    written = ""
    with suppress(Refused), ZipFile(BytesIO(render(word, {}))) as opened:
        written = opened.read("word/document.xml").decode("utf-8")
    assert HIDDEN not in written
