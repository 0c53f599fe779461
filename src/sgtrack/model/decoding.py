"""Text in the encodings that Chinese computers write."""

from __future__ import annotations


def decoded(content: bytes) -> str | None:
    """Text in UTF-8, with or without a mark, or as Chinese Windows writes it; None if neither."""
    encoding = encoding_of(content)
    return content.decode(encoding) if encoding else None


def encoding_of(content: bytes) -> str | None:
    """Which of the encodings of :func:`decoded` it is in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None
