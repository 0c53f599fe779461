"""The font of a chart is looked for where each system keeps its chart_png."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sgtrack.pictures import chart_png
from sgtrack.pictures.chart_png import list_font_folders


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    chart_png.find_chinese_font.cache_clear()
    yield
    chart_png.find_chinese_font.cache_clear()


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ([], None),
        (["DejaVuSans.ttf", "msyh.txt"], None),
        (["DejaVuSans.ttf", "simsun.ttc", "MSYH.TTC", "msyhbd.ttc"], "MSYH.TTC"),
        (["NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc"], "NotoSansCJK-Regular.ttc"),
        (["NotoSansCJK-Bold.ttc"], "NotoSansCJK-Bold.ttc"),
    ],
)
def test_the_best_font_there_is_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: list[str], chosen: str | None
) -> None:
    below = tmp_path / "opentype" / "noto"
    below.mkdir(parents=True)
    for name in files:
        (below / name).touch()
    monkeypatch.setattr(chart_png, "list_font_folders", lambda *_: (tmp_path / "none", tmp_path))
    monkeypatch.setattr(chart_png, "is_font", lambda path: True)
    assert chart_png.find_chinese_font() == (below / chosen if chosen else None)


def test_what_is_only_named_like_a_font_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = chart_png.find_chinese_font()
    chart_png.find_chinese_font.cache_clear()
    (tmp_path / "msyh.ttf").write_bytes(b"not a font")
    if real is not None:
        shutil.copy(real, tmp_path / "simsun.ttc")
    monkeypatch.setattr(chart_png, "list_font_folders", lambda *_: (tmp_path,))
    assert chart_png.find_chinese_font() == (tmp_path / "simsun.ttc" if real is not None else None)


def test_each_system_has_its_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/li"))
    assert list_font_folders("linux", {}) == (
        Path("/usr/local/share/fonts"),
        Path("/usr/share/fonts"),
        Path("/home/li/.local/share/fonts"),
        Path("/home/li/.fonts"),
    )
    own = {"XDG_DATA_DIRS": "/opt/share", "XDG_DATA_HOME": "/data"}
    assert list_font_folders("linux", own)[:2] == (Path("/opt/share/fonts"), Path("/data/fonts"))
    windows = list_font_folders("win32", {"WINDIR": "D:/Windows", "LOCALAPPDATA": "D:/Own"})
    assert windows == (Path("D:/Windows/Fonts"), Path("D:/Own/Microsoft/Windows/Fonts"))
    assert Path("/home/li/Library/Fonts") in list_font_folders("darwin", {})
