"""The question for the reason of a late entry, before it is written."""

from __future__ import annotations

from dataclasses import replace

import typer

from sgtrack.app.log import LogSession
from sgtrack.cli.prompts import ask, can_ask
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.text_cleaning import clean


def ask_late_reason(session: LogSession, activity: ActivityInput) -> ActivityInput:
    """Return an activity with the reason why it is logged late, if a brief covers its day already.

    Without a terminal, nothing is asked; ``log`` then prints how to add the reason later.
    """
    if activity.reason or not can_ask():
        return activity
    reported = session.reported_until(activity)
    if reported is None:
        return activity
    named = "  ".join(word for word in (activity.day, activity.title) if word) or "这条"
    typer.echo(f"{reported} 以前的简报已经发出，{named} 是补记，写进下一期")
    reason = ask(
        "补记的原因",
        lambda text: clean(text, "原因"),
        hint="迟记的原因，写入简报；暂不填写按回车",
    )
    return replace(activity, reason=reason or None)
