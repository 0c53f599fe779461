"""Shows the content that issuing a brief freezes, without loading Rich."""

from __future__ import annotations

from collections.abc import Iterator

from sgtrack.app.issue_preview import IssuePreview
from sgtrack.model.wording import day_words, full_day
from sgtrack.progress.periods import is_last_window


def preview_lines(preview: IssuePreview) -> Iterator[str]:
    """Yield the lines of a preview, for the officer who is about to issue a brief."""
    window = preview.window
    yield f"{preview.project.name} {window.label} 简报（第{window.number}期），发出后不再改动："
    short = preview.last_day < window.period.end
    following = "补充简报" if is_last_window(preview.project, window) else "下一期"
    rest = f"（本期到{day_words(window.period.end)}，其余写进{following}）" if short else ""
    yield f"  统计时间  {full_day(preview.first_day)}至{full_day(preview.last_day)}{rest}"
    if not window.is_supplement:
        handed = f"迟交{preview.days_late}天" if preview.days_late else "按时"
        yield f"  提交      {handed}，应于{day_words(window.due)}前提交"
    if preview.early:
        yield f"  提前发出  {preview.early}"
    if preview.source:
        yield f"  文件      {preview.source}（改过的 Word 稿，按它发出；不用它就加 --from 0）"
    activities, late, corrections = preview.counts
    yield f"  记录      登记{activities}条，补记{late}条，更正{corrections}条"
    yield f"  指标      {f'{len(preview.figures)}项有变化' if preview.figures else '没有变化'}"
    for label, gain, total in preview.figures:
        yield f"    {label}：本期 {gain}，累计 {total}"
    for lack in preview.lacks:
        yield f"  缺        {lack}"
    for remark in preview.remarks:
        yield f"  请核对    {remark}"
