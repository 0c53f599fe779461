"""Text in the encodings that Chinese computers write."""

from __future__ import annotations


def decoded(content: bytes) -> str | None:
    """Text in UTF-8, with or without a mark, or as Chinese Windows writes it; None if neither."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
