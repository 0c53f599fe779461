"""Shows what issuing a brief freezes, without loading Rich."""

from __future__ import annotations

from collections.abc import Iterator

from sgtrack.app.issue_preview import IssuePreview
from sgtrack.model.wording import day_words, full_day


def preview_lines(preview: IssuePreview) -> Iterator[str]:
    """Yield the lines that tell the officer what she is about to issue."""
    window = preview.window
    yield f"{preview.project.name} {window.label} 简报（第{window.number}期），发出后不再改动："
    short = preview.last_day < window.period.end
    rest = f"（本期到{day_words(window.period.end)}，其余写进下一期）" if short else ""
    yield f"  统计时间  {full_day(preview.first_day)}至{full_day(preview.last_day)}{rest}"
    due = f"应于{day_words(window.due)}前提交"
    yield f"  提交      {f'迟交{preview.days_late}天，' if preview.days_late else '按时，'}{due}"
    if preview.early:
        yield f"  提前发出  {preview.early}"
    if preview.source:
        yield f"  文件      {preview.source}（改过的 Word 稿，按它发出；不用它就加 --from 0）"
    activities, late, corrections = preview.counts
    yield f"  记录      活动{activities}次，补记{late}条，更正{corrections}条"
    yield f"  指标      {f'{len(preview.figures)}项有变化' if preview.figures else '没有变化'}"
    for label, gain, total in preview.figures:
        yield f"    {label}：本期 {gain}，累计 {total}"
    for lack in preview.lacks:
        yield f"  缺        {lack}"
    for remark in preview.remarks:
        yield f"  请核对    {remark}"
