"""Charts have Chinese labels, or are left out."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx.oxml import parse_xml
from PIL import Image, ImageFont

from sgtrack.pictures import chart_png
from sgtrack.pictures.charts import Share, draw
from sgtrack.progress.contract_status import MonthEnd

SHARES = [Share("2 链接社会资源", 54.1), Share("4 链接社会资源", 50), Share("5 <救助> & $x$", 0)]
MONTHS = [MonthEnd("1月", 50, 40.5), MonthEnd("2月", 100, None)]
INK, LIGHT, PLAN = (0x1F, 0x4E, 0x79), (0xD9, 0xE2, 0xEC), (0x6B, 0x72, 0x80)
Element = dict[str, str]


def elements(svg: bytes, tag: str) -> list[Element]:
    return [dict(one.attrib) for one in parse_xml(svg).iter() if str(one.tag).endswith(f"}}{tag}")]


def words_of(svg: bytes) -> list[str]:
    return [
        "".join(element.itertext()).strip()
        for element in parse_xml(svg).iter()
        if str(element.tag).endswith("}text")
    ]


def heights(line: Element) -> list[float]:
    return [float(point.split(",")[1]) for point in line["points"].split()]


def test_a_drawing_carries_its_words_as_text() -> None:
    by_category, by_month = draw(SHARES, MONTHS, "svg")
    words = words_of(by_category.content)
    assert {"2 链接社会资源", "4 链接社会资源", "5 <救助> & $x$", "54.1%", "50%", "0%"} <= set(
        words
    )
    assert {"1月", "2月", "计划", "完成", "40.5%"} <= set(words_of(by_month.content))


def test_a_drawing_says_what_it_is_to_those_who_do_not_see_it() -> None:
    for chart in draw(SHARES, MONTHS, "svg"):
        root = parse_xml(chart.content)
        assert (root.get("role"), root.get("aria-label")) == ("img", chart.caption)


def test_bars_are_as_long_as_their_per_cents() -> None:
    by_category, _ = draw([*SHARES, Share("6 全部", 100)], MONTHS, "svg")
    _, *boxes = elements(by_category.content, "rect")
    full = {float(box["width"]) for box in boxes[::2]}
    assert len(full) == 1
    found = [float(box["width"]) / full.copy().pop() * 100 for box in boxes[1::2]]
    assert found == pytest.approx([54.1, 50, 0, 100], abs=0.1)


def test_lines_pass_at_the_height_of_their_per_cents() -> None:
    months = [MonthEnd("1月", 25, 12.5), MonthEnd("2月", 50, 75), MonthEnd("3月", 100, None)]
    (chart,) = draw([], months, "svg")
    lines = elements(chart.content, "polyline")
    (plan,) = (line for line in lines if "stroke-dasharray" in line and len(heights(line)) == 3
               and len(set(heights(line))) > 1)  # fmt: skip
    (reached,) = (line for line in lines if len(heights(line)) == 2 and line["stroke"] == "#1f4e79")
    ground, top = 168.0, heights(plan)[2]
    assert [round(100 * (ground - y) / (ground - top), 1) for y in heights(plan)] == [25, 50, 100]
    assert [round(100 * (ground - y) / (ground - top), 1) for y in heights(reached)] == [12.5, 75]


def test_a_long_name_takes_several_lines_and_leaves_room_for_the_bar() -> None:
    name = "4 链接社会资源，\n" + "很长的名称" * 8
    (chart,) = draw([Share(name, 50)], [], "svg")
    words = words_of(chart.content)
    assert "".join(words).startswith(name.replace("\n", " "))
    assert len(words) > 6
    assert float(elements(chart.content, "rect")[1]["width"]) > 200


def test_of_many_months_not_all_are_named() -> None:
    months = [MonthEnd(f"{n % 12 + 1}月", n, None) for n in range(60)]
    (chart,) = draw([], months, "svg")
    named = [words for words in words_of(chart.content) if words.endswith("月")]
    assert named[:3] == ["1月", "5月", "9月"]


@pytest.mark.parametrize("months", [[MonthEnd("1月", 100, 30)], [MonthEnd("1月", 100, None)]])
def test_a_contract_of_one_month_has_a_chart(months: list[MonthEnd]) -> None:
    (chart,) = draw([], months, "svg")
    assert "1月" in words_of(chart.content)


def test_the_same_figures_draw_the_same_bytes() -> None:
    assert draw(SHARES, MONTHS, "svg") == draw(SHARES, MONTHS, "svg")
    assert draw(SHARES, MONTHS, "png") == draw(SHARES, MONTHS, "png")


def test_without_a_chinese_font_no_picture_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_png, "find_chinese_font", lambda: None)
    assert draw(SHARES, MONTHS, "png") == ()
    assert len(draw(SHARES, MONTHS, "svg")) == 2


@pytest.fixture
def font() -> Path:
    found = chart_png.find_chinese_font()
    if found is None:
        pytest.skip("no font with Chinese characters on this computer")
    return found


def test_a_picture_has_the_words_in_a_font_that_has_them(font: Path) -> None:
    face = chart_png.load_face(font, 25)
    missing = bytes(face.getmask("\U0010ffff"))
    for sign in "计划完成月各类服务链接社会资源救助":
        assert bytes(face.getmask(sign)) != missing


def test_a_picture_shows_what_the_drawing_shows(font: Path) -> None:
    by_category, by_month = (
        Image.open(BytesIO(chart.content)).convert("RGB")
        for chart in draw([Share("1 一半", 50), Share("2 全部", 100)], MONTHS, "png")
    )
    wide = by_category.width
    count = {color: n for n, color in by_category.getcolors(1000) or []}
    assert count[INK] == pytest.approx(3 * count[LIGHT], rel=0.02)
    assert wide == pytest.approx(154 / 25.4 * 200, rel=0.03)
    shown = {color for _, color in by_month.getcolors(1000) or []}
    assert {INK, LIGHT, PLAN, (0, 0, 0), (255, 255, 255)} <= shown


def test_of_a_collection_the_face_for_simplified_chinese_is_used(font: Path) -> None:
    names = []
    for index in range(20):
        try:
            names.append(ImageFont.truetype(font, 10, index).getname()[0] or "")
        except OSError:
            break
    chosen = chart_png.load_face(font, 10).getname()[0] or ""
    assert chosen == next((name for name in names if name.endswith(" SC")), names[0])
