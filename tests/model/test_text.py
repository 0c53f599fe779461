"""Text is wrapped by the width of its characters."""

from __future__ import annotations

from rich.cells import cell_len

from sgtrack.model.text import wrap_lines


def test_text_is_wrapped_by_its_width_and_keeps_punctuation_with_its_word() -> None:
    lines = wrap_lines(
        "做完活动记一笔，随时看进度（每月25日前）sgtrack brief 出简报。", 16, cell_len
    )
    assert lines == ["做完活动记一笔，", "随时看进度（每月", "25日前）sgtrack", "brief 出简报。"]
