"""Renders documents from templates; the officer's templates override the packaged ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, TemplateError, TemplateNotFound

from sgtrack.brief.images import Pictures, for_page
from sgtrack.brief.template_sandbox import Sandbox, Unbounded, bounded
from sgtrack.model.errors import Refused
from sgtrack.workspace import packaged

FORMATS = ("md", "docx")
"""The default formats of a document."""


def choose_formats(typed: str | None, available: tuple[str, ...] = FORMATS) -> tuple[str, ...]:
    """Return the typed format, or the default formats if ``typed`` is None.

    Raises:
        Refused: the format is not in ``available``.
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
    """Render a document in each format; return the contents by format.

    ``name`` is the document, such as brief, midterm or final. ``folder`` contains the officer's
    templates. ``context`` contains the values for the templates.

    Raises:
        Refused: a template cannot be used.
    """
    return {
        kind: render(template_path(f"{name}.{kind}", folder), context, pictures) for kind in formats
    }


def template_path(file: str, folder: Path) -> Path:
    """Return the path of the officer's template if it exists, otherwise of the packaged one.

    Raises:
        Refused: the officer's template is a symbolic link, which could expose any file.
    """
    copy = folder / file
    if copy.is_symlink():
        raise Refused(f"模板 {copy} 是链接，不是文件本身", "把模板文件复制到这里，再删掉链接")
    return copy if copy.is_file() else packaged("templates") / file


class FolderLoader(BaseLoader):
    """Loads templates from the first folder that has them, and follows no link out of a folder."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = [folder.resolve() for folder in folders]

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return the text of a template, its path, and a function that says that it is up to date.

        Raises:
            TemplateNotFound: no folder has the template, or its path leads out of the folder.
        """
        for folder in self._folders:
            path = (folder / template).resolve()
            if path.is_relative_to(folder) and path.is_file():
                return path.read_text(encoding="utf-8-sig"), str(path), lambda: True
        raise TemplateNotFound(template, f"{template} 不在模板文件夹里，或是指到外面的链接")


def render(template: Path, context: dict[str, Any], pictures: Pictures | None = None) -> bytes:
    """Render a template within limits of time and memory.

    Raises:
        Refused: the template cannot be read, contains an error, or exceeds a limit.
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
        # An expression in a template may raise any exception.
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
    """Escape characters with a special meaning in Markdown; return other types unchanged."""
    if not isinstance(value, str):
        return value
    for sign in "\\`*_[]<>|#":
        value = value.replace(sign, f"\\{sign}")
    return value


def _fill_page(template: Path, context: dict[str, Any], pictures: Pictures | None) -> str:
    environment = Sandbox(
        loader=FolderLoader([template.parent, packaged("templates")]),
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    values = context | (for_page(pictures) if pictures else {})
    return environment.get_template(template.name).render(values).lstrip()
