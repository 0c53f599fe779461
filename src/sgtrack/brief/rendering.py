"""Fills the templates of documents; the officer's own ones go before the packaged ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, TemplateError

from sgtrack.brief.images import Pictures, for_page
from sgtrack.brief.template_sandbox import Sandbox, Unbounded, bounded
from sgtrack.model.errors import Refused
from sgtrack.workspace import packaged

FORMATS = ("md", "docx")
"""The formats of a document if the officer asks for none."""


def choose_formats(typed: str | None, available: tuple[str, ...] = FORMATS) -> tuple[str, ...]:
    """Return the formats to write: the typed one, or the usual ones.

    Raises:
        Refused: there is no such format.
    """
    if typed is None:
        return FORMATS
    if typed not in available:
        raise Refused(f"没有格式“{typed}”", f"可用的格式：{'、'.join(available)}", exit_code=2)
    return (typed,)


def render_document(
    name: str,
    folder: Path,
    context: dict[str, Any],
    formats: tuple[str, ...],
    pictures: Pictures | None = None,
) -> dict[str, bytes]:
    """Render a document such as brief, midterm or final in every format.

    ``folder`` holds the officer's templates, which call the pictures ``charts`` and ``photos``.

    Raises:
        Refused: a template cannot be used.
    """
    return {
        kind: render(template_path(f"{name}.{kind}", folder), context, pictures) for kind in formats
    }


def template_path(file: str, folder: Path) -> Path:
    """Return the path of the officer's copy of a template, or of the packaged one.

    Raises:
        Refused: the copy is a link, which could bring any file into a document.
    """
    copy = folder / file
    if copy.is_symlink():
        raise Refused(f"模板 {copy} 是链接，不是文件本身", "把模板文件复制到这里，再删掉链接")
    return copy if copy.is_file() else packaged("templates") / file


def render(template: Path, context: dict[str, Any], pictures: Pictures | None = None) -> bytes:
    """Fill a template.

    Raises:
        Refused: the template cannot be read, or refers to something that does not exist.
    """
    try:
        with bounded():
            if template.suffix == ".docx":
                from sgtrack.brief.word_rendering import fill_word  # noqa: PLC0415 - loads docxtpl

                return fill_word(template, context, pictures)
            if template.suffix == ".html":
                return _fill_page(template, context, pictures).encode("utf-8")
            return _fill_markdown(template, context).encode("utf-8")
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
        # A template is a program, which may raise any exception.
        raise Refused(
            f"模板 {template.name} 填不出来（{type(error).__name__}：{error}）",
            f"改正 {template}，或删掉它改用自带的模板",
        ) from error


def _fill_markdown(template: Path, context: dict[str, Any]) -> str:
    environment = Sandbox(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_escape,
    )
    return environment.from_string(template.read_text(encoding="utf-8-sig")).render(context)


def _escape(value: object) -> object:
    """Escape the signs that would break a Markdown table or heading."""
    if not isinstance(value, str):
        return value
    for sign in "\\`*_[]<>|#":
        value = value.replace(sign, f"\\{sign}")
    return value


def _fill_page(template: Path, context: dict[str, Any], pictures: Pictures | None) -> str:
    environment = Sandbox(
        loader=FileSystemLoader([template.parent, packaged("templates")]),
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    values = context | (for_page(pictures) if pictures else {})
    return environment.get_template(template.name).render(values).lstrip()
