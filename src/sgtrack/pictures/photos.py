"""Prepares photos for documents: turns them upright, shrinks them and removes the metadata."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageOps, UnidentifiedImageError

from sgtrack.model.errors import Refused, reason_of

LARGEST = 200_000
"""Maximum size of a photo in a document, in bytes."""
_EDGES = (1280, 1024, 800, 640, 480)
"""Maximum widths and heights in pixels, tried in this order."""
_QUALITIES = (85, 75, 65, 50)
"""JPEG qualities (maximum 100), tried in this order for each size."""

_HEIF_BRANDS = frozenset(b"ftyp" + brand for brand in (b"heic", b"heix", b"heim", b"mif1", b"msf1"))
"""Bytes 4 to 12 of a HEIC file: the type of the box and the brand of its content."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG of at most ``LARGEST`` bytes, with its width and height in pixels."""

    content: bytes
    width: int
    height: int


def shrink(path: Path) -> Photo:
    """Read a photo, turn it upright, shrink it and remove its metadata, such as the location.

    Raises:
        Refused: the file is not a readable picture, or the picture is too large.
    """
    picture = read_photo(path)
    for edge in _EDGES:
        smaller = picture.copy()
        smaller.thumbnail((edge, edge))
        for quality in _QUALITIES:
            saved = BytesIO()
            smaller.save(saved, "JPEG", quality=quality, optimize=True)
            if saved.tell() <= LARGEST:
                return Photo(saved.getvalue(), *smaller.size)
    raise Refused("照片缩小后还是太大", "换一张照片")


def read_photo(path: Path) -> Image.Image:
    """Read a photo and turn it upright; a JPEG is read at about the size that documents need.

    Raises:
        Refused: the file is not a readable picture, or the picture is too large.
    """
    try:
        if _is_heif(path):
            from pi_heif import register_heif_opener  # noqa: PLC0415 - only iPhone photos need it

            register_heif_opener()
        with catch_warnings():
            # Pillow's warnings are suppressed, because the officer can do nothing about them.
            simplefilter("ignore")
            simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as opened:
                opened.draft("RGB", (_EDGES[0], _EDGES[0]))
                upright = ImageOps.exif_transpose(opened)
                return _on_white(upright)
    except UnidentifiedImageError:
        raise Refused("不是能用的照片", "用 JPG、PNG 或 HEIC 格式的照片") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("照片的尺寸太大", "缩小后再添加") from None
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "文件损坏"
        raise Refused(f"照片无法读取（{reason}）", "重新保存后再添加") from None


def _is_heif(path: Path) -> bool:
    """Return whether a file begins like a photo of an iPhone; stored files have no suffix."""
    with path.open("rb") as file:
        return file.read(12)[4:] in _HEIF_BRANDS


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture on a white background, without transparency and metadata."""
    layered = picture.convert("RGBA")
    bare = Image.new("RGB", layered.size, "white")
    bare.paste(layered, mask=layered.getchannel("A"))
    return bare
