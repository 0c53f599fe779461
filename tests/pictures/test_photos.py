"""Photos are turned upright, made small, and lose what the camera wrote into them."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sgtrack.model.errors import Refused
from sgtrack.pictures.photos import LARGEST, shrink

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def noisy(width: int, height: int) -> Image.Image:
    """A picture that JPEG compresses badly; its upper half is red, its lower half blue."""
    noise = Image.frombytes("L", (width, height), random.Random(1).randbytes(width * height))  # noqa: S311
    red = noise.point(lambda value: 155 + value // 3)
    calm = noise.point(lambda value: value // 4)
    picture = Image.merge("RGB", (red, calm, calm))
    lower = Image.merge("RGB", (calm, calm, red)).crop((0, height // 2, width, height))
    picture.paste(lower, (0, height // 2))
    return picture


def with_metadata(path: Path, picture: Image.Image, orientation: int) -> Path:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "相机"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (30.0, 16.0, 1.0)
    picture.save(path, quality=97, exif=exif)
    return path


def test_a_large_photo_is_turned_and_stripped_and_fits(tmp_path: Path) -> None:
    upright = noisy(1200, 1600)
    lying = upright.rotate(90, expand=True)  # as a camera held upright stores it
    path = with_metadata(tmp_path / "照片.jpg", lying, orientation=6)
    assert path.stat().st_size > LARGEST
    photo = shrink(path)
    assert len(photo.content) <= LARGEST
    shown = Image.open(BytesIO(photo.content))
    assert (shown.width, shown.height) == (photo.width, photo.height)
    assert shown.height > shown.width
    assert not shown.getexif()
    assert b"Exif" not in photo.content
    top = shown.getpixel((shown.width // 2, shown.height // 8))
    bottom = shown.getpixel((shown.width // 2, shown.height * 7 // 8))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 100 > top[2]
    assert bottom[2] > 100 > bottom[0]


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    path = tmp_path / "图.png"
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(path)
    shown = Image.open(BytesIO(shrink(path).content))
    assert shown.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content", [b"no picture", b"\xff\xd8\xff\xe0 broken", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "照片.jpg"
    path.write_bytes(content)
    with pytest.raises(Refused):
        shrink(path)


def test_half_a_photo_is_refused(tmp_path: Path) -> None:
    whole = with_metadata(tmp_path / "照片.jpg", noisy(400, 300), 1).read_bytes()
    (tmp_path / "半张.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refused, match="无法读取"):
        shrink(tmp_path / "半张.jpg")


def test_a_picture_too_large_to_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    path = tmp_path / "大图.png"
    Image.new("RGB", (40, 40)).save(path)
    with pytest.raises(Refused, match="太大"):
        shrink(path)


IPHONE = Path(__file__).parents[1] / "data" / "iphone.heic"
"""A photo of 96 × 64 that lies on its side, with a place: red, with a blue strip above."""


def test_a_photo_of_an_iphone_is_read_without_its_suffix(tmp_path: Path) -> None:
    stored = tmp_path / "0123abcd"  # evidence is stored under its digest
    stored.write_bytes(IPHONE.read_bytes())
    photo = shrink(stored)
    assert (photo.width, photo.height) == (64, 96)
    shown = Image.open(BytesIO(photo.content))
    assert shown.format == "JPEG"
    assert not shown.getexif()
    left, right = shown.getpixel((10, 48)), shown.getpixel((60, 48))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 200 > left[2]
    assert right[2] > 200 > right[0]


@pytest.mark.parametrize("length", [12, 60, 200, 600])
def test_a_broken_photo_of_an_iphone_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "照片.heic"
    path.write_bytes(IPHONE.read_bytes()[:length])
    with pytest.raises(Refused):
        shrink(path)
    path.write_bytes(IPHONE.read_bytes()[:300] + b"\xff" * 300)
    with pytest.raises(Refused):
        shrink(path)
