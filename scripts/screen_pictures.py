"""Draws screens as SVG."""

from __future__ import annotations

import html
import io
import re

from rich.cells import cell_len
from rich.console import Console, RenderableType

COLUMNS = 80
_SVG = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Consolas, Menlo, "DejaVu Sans Mono", "Noto Sans Mono CJK SC",
monospace; font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">
{matrix}
</g></g></svg>
"""
_TEXT = re.compile(
    r'<text class="(?P<class>[^"]+)" x="(?P<x>[^"]+)" y="(?P<y>[^"]+)" '
    r'textLength="(?P<length>[^"]+)" clip-path="(?P<clip>[^"]+)">(?P<text>[^<]*)</text>'
)
_RUN = re.compile(r"[\0-\u2e7f]+|[^\0-\u2e7f]+")
"""A run of characters of the same width: either no Chinese characters, or only such ones."""


def draw_screen(screen: RenderableType, title: str, name: str) -> str:
    """Return a screen as SVG; ``name`` must be unique on the page that shows it."""
    console = Console(
        record=True,
        width=COLUMNS,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )
    console.print(screen)
    return _TEXT.sub(_split, console.export_svg(title=title, code_format=_SVG, unique_id=name))


def _split(tag: re.Match[str]) -> str:
    """Split a text where the width of characters changes; rich gives all the same width."""
    text = html.unescape(tag["text"])
    column = float(tag["length"]) / len(text)
    parts, x = [], float(tag["x"])
    for run in _RUN.findall(text):
        width = column * cell_len(run)
        if run.strip():
            shown = html.escape(run).replace(" ", "&#160;")
            parts.append(
                f'<text class="{tag["class"]}" x="{x:g}" y="{tag["y"]}" textLength="{width:g}" '
                f'clip-path="{tag["clip"]}">{shown}</text>'
            )
        x += width
    return "".join(parts)
