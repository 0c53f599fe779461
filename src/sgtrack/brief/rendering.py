"""Fills the templates, the officer's own where she has one, and writes the files whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import is_zipfile

from jinja2 import FileSystemLoader, TemplateError

from sgtrack.brief.template_sandbox import Sandbox, Unbounded, bounded, check_packed
from sgtrack.files import write_whole
from sgtrack.model.errors import Refused, reason_of
from sgtrack.workspace import packaged

if TYPE_CHECKING:
    from sgtrack.brief.images import Pictures

FORMATS = ("md", "docx")
"""The formats a document is written in where none is asked for."""


def formats(typed: str | None, known: tuple[str, ...] = FORMATS) -> tuple[str, ...]:
    """The formats that were asked for: the one that was written, or the usual ones.

    Raises:
        Refused: there is no such format.
    """
    if typed is None:
        return FORMATS
    if typed not in known:
        raise Refused(f"没有格式“{typed}”", f"可用的格式：{'、'.join(known)}", exit_code=2)
    return (typed,)


def rendered(
    name: str,
    own: Path,
    context: dict[str, Any],
    wanted: tuple[str, ...] = FORMATS,
    pictures: Pictures | None = None,
) -> dict[str, bytes]:
    """A document in every format.

    Args:
        name: the document: brief, midterm, final.
        own: the folder of the officer's own templates, which go before the packaged ones.
        context: what the templates refer to.
        wanted: the formats.
        pictures: what the document shows; the templates know them as ``charts`` and ``photos``.

    Raises:
        Refused: a template cannot be used.
    """
    return {
        kind: render(template_path(f"{name}.{kind}", own), context, pictures) for kind in wanted
    }


def template_path(file: str, own: Path) -> Path:
    """The officer's copy of a template, or the packaged one.

    Raises:
        Refused: her copy is a link, which could bring any file of hers into a document.
    """
    copy = own / file
    if copy.is_symlink():
        raise Refused(f"模板 {copy} 是链接，不是文件本身", "把模板文件复制到这里，再删掉链接")
    return copy if copy.is_file() else packaged("templates") / file


def render(template: Path, context: dict[str, Any], pictures: Pictures | None = None) -> bytes:
    """Fill a template.

    Raises:
        Refused: the template cannot be read or asks for something a brief does not have.
    """
    try:
        with bounded():
            if template.suffix == ".docx":
                return _word(template, context, pictures)
            if template.suffix == ".html":
                return _page(template, context, pictures).encode("utf-8")
            return _markdown(template, context).encode("utf-8")
    except TemplateError as error:
        place = f"第 {error.lineno} 行" if getattr(error, "lineno", None) else ""  # type: ignore[attr-defined]
        raise Refused(
            f"模板 {template.name} {place}写得不对（{error}）",
            f"改正 {template}，或删掉它改用自带的模板",
        ) from error
    except Unbounded as error:
        raise Refused(
            f"模板 {template.name} 没有填完：{error}", f"删掉 {template}，改用自带的模板"
        ) from error
    except (OSError, ValueError) as error:
        raise Refused(
            f"模板 {template.name} 打不开（{error}）", f"删掉 {template}，改用自带的模板"
        ) from error
    except Exception as error:
        # A template is a program: what it raises while it runs is the template's own mistake.
        raise Refused(
            f"模板 {template.name} 填不出来（{type(error).__name__}：{error}）",
            f"改正 {template}，或删掉它改用自带的模板",
        ) from error


def check_writable(paths: Iterable[Path]) -> None:
    """Make sure, as far as can be told beforehand, that files can be written; nothing is changed.

    Raises:
        Refused: one cannot be, as when Word has it open.
    """
    for path in paths:
        try:
            if path.is_dir():
                raise IsADirectoryError("这是一个文件夹")
            if path.exists():
                path.open("ab").close()
        except OSError as error:
            raise _unwritable(path, error) from error


def write(files: Mapping[Path, bytes]) -> None:
    """Write files, each whole or not at all, and none where one of them cannot be prepared.

    Raises:
        Refused: one cannot be written, as when Word has it open.
    """
    check_writable(files)
    try:
        write_whole(files)
    except OSError as error:
        raise _unwritable(Path(error.filename or ""), error) from error


def _unwritable(path: Path, error: OSError) -> Refused:
    return Refused(f"{path} 写不进去（{reason_of(error)}）", "如果正用 Word 打开着，先关掉再试")


def _markdown(template: Path, context: dict[str, Any]) -> str:
    environment = Sandbox(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_escaped,
    )
    return environment.from_string(template.read_text(encoding="utf-8-sig")).render(context)


def _escaped(value: object) -> object:
    """What the officer typed, without the signs that would break a Markdown table or heading."""
    if not isinstance(value, str):
        return value
    for sign in "\\`*_[]<>|#":
        value = value.replace(sign, f"\\{sign}")
    return value


def _page(template: Path, context: dict[str, Any], pictures: Pictures | None) -> str:
    from sgtrack.brief.images import for_page  # noqa: PLC0415 - pages only

    environment = Sandbox(
        loader=FileSystemLoader([template.parent, packaged("templates")]),
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    shown = for_page(pictures) if pictures else {}
    return environment.get_template(template.name).render(context | shown).lstrip()


def _word(template: Path, context: dict[str, Any], pictures: Pictures | None) -> bytes:
    # Markdown alone needs none of it.
    from sgtrack.brief.images import for_word  # noqa: PLC0415
    from sgtrack.brief.word_template import WordTemplate  # noqa: PLC0415

    if not is_zipfile(template):
        raise ValueError("不是 Word 的 .docx 文件")
    check_packed(template)
    document = WordTemplate(template)
    environment = Sandbox(autoescape=True)
    shown = for_word(pictures, document) if pictures else {}
    document.render(context | shown, jinja_env=environment)
    filled = BytesIO()
    document.save(filled)
    return filled.getvalue()
