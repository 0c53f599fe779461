"""Charts are drawn with Chinese words, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx.oxml import parse_xml

from sgtrack.pictures import charts, fonts
from sgtrack.pictures.charts import MonthEnd, Share, draw

SHARES = [Share("2 链接社会资源", 54.1), Share("4 链接社会资源", 50), Share("5 <救助> & $x$", 0)]
MONTHS = [MonthEnd("1月", 50, 40.5), MonthEnd("2月", 100, None)]


def words_of(svg: bytes) -> list[str]:
    return [
        "".join(element.itertext()).strip()
        for element in parse_xml(svg).iter()
        if str(element.tag).endswith("}text")
    ]


def test_a_drawing_carries_its_words_as_text() -> None:
    by_category, by_month = draw(SHARES, MONTHS, "svg")
    words = words_of(by_category.content)
    assert {"2 链接社会资源", "4 链接社会资源", "5 <救助> & $x$", "54.1%", "50%", "0%"} <= set(
        words
    )
    assert {"1月", "2月", "计划", "完成", "40.5%"} <= set(words_of(by_month.content))


def test_the_same_figures_draw_the_same_bytes() -> None:
    assert draw(SHARES, MONTHS, "svg") == draw(SHARES, MONTHS, "svg")


def test_without_a_chinese_font_no_picture_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "chinese_font", lambda: None)
    assert draw(SHARES, MONTHS, "png") == ()
    assert len(draw(SHARES, MONTHS, "svg")) == 2


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (["DejaVuSans.ttf"], None),
        (["DejaVuSans.ttf", "simsun.ttc", "msyh.ttc", "msyhbd.ttc"], "msyh.ttc"),
        (["NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc"], "NotoSansCJK-Regular.ttc"),
    ],
)
def test_the_best_font_there_is_is_found(
    monkeypatch: pytest.MonkeyPatch, files: list[str], chosen: str | None
) -> None:
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda: files)
    fonts.chinese_font.cache_clear()
    try:
        found = fonts.chinese_font()
    finally:
        fonts.chinese_font.cache_clear()
    assert found == (Path(chosen) if chosen else None)


def test_a_picture_has_the_words_in_a_font_that_has_them() -> None:
    font = fonts.chinese_font()
    if font is None:
        pytest.skip("no font with Chinese characters on this computer")
    from matplotlib.ft2font import FT2Font

    characters = FT2Font(font).get_charmap()
    for sign in "计划完成月各类服务链接社会资源救助":
        assert ord(sign) in characters
    for chart in draw(SHARES, MONTHS, "png"):
        assert chart.content.startswith(b"\x89PNG")
