"""Prints how well sentences and reports that were not used for tuning are read.

    PYTHONPATH=. .venv/bin/python scripts/score_drafts.py FILE…

docs/sentences.md explains the figures. Each file contains labelled ``sentences`` and ``reports`` in
the format that ``log TEXT --dry-run --json`` prints. ``--wrong`` lists the texts that are read
incorrectly; use it only after the figures are noted, because the texts can then be used for tuning.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.model.numerals import narrow
from sgtrack.screen.sentence_view import drafts_json
from sgtrack.sentence.activity_draft import draft_activity
from sgtrack.sentence.report_reading import read_report
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import packaged

ASKED = "asked"


def main() -> None:
    """Print the figures of each file."""
    projects = {p.slug: p for p in load_folder(packaged("targets")).projects}
    for name in (word for word in sys.argv[1:] if not word.startswith("-")):
        labels = json.loads(Path(name).read_text(encoding="utf-8"))
        print(name)
        _score_sentences(projects, labels["sentences"])
        _score_reports(projects, labels["reports"])


def _score_sentences(projects: dict[str, Project], labels: list[dict[str, Any]]) -> None:
    fields: Counter[tuple[str, bool]] = Counter()
    silent, asked_plain, refused = [], [], []
    for label in labels:
        project = projects[label["community"]]
        try:
            read = _read(project, label["text"], label["today"])
        except Refused as error:
            refused.append(f"{label['text']}: {error.message}")
            continue
        wrong = []
        for field, said, found in _fields(project, label, read):
            fields[field, said == found] += 1
            if said != found:
                wrong.append(f"{field}: said {said}, read {found}")
                main_field = field in ("date", "item") or field.startswith("amount")
                if main_field and found not in (ASKED, None) and not _accepted(label, field, found):
                    silent.append(label["text"])
        plain_asked = label["plain"] and set(read["asked"]) - set(label["asked"])
        if plain_asked:
            asked_plain.append(label["text"])
        if wrong and "--wrong" in sys.argv:
            print(f"  {label['text']}\n    {'; '.join(wrong)}")
    plain = sum(bool(label["plain"]) for label in labels)
    right = sum(n for (_, is_right), n in fields.items() if is_right)
    print(f"  {len(labels)} sentences, {sum(fields.values())} fields")
    print(f"  silently wrong {_share(len(set(silent)), len(labels))}")
    print(f"  fields right {_share(right, sum(fields.values()))}")
    print(f"  asked although plain {_share(len(asked_plain), plain)} of the plain sentences")
    print(f"  refused {len(refused)} {refused}")
    for field in sorted({name for name, _ in fields}):
        all_of_them = fields[field, True] + fields[field, False]
        print(f"    {field:<12} {_share(fields[field, True], all_of_them)}")


def _read(project: Project, text: str, today: str) -> dict[str, Any]:
    day = date.fromisoformat(today)
    draft = draft_activity(project, text, ActivityInput(), day)
    activity: dict[str, Any] = drafts_json(project, [draft], [], day)["activities"][0]
    return activity


def _fields(
    project: Project, label: dict[str, Any], read: dict[str, Any]
) -> Iterator[tuple[str, object, object]]:
    """Yield the fields of an activity, with its amounts in units that have a target.

    Other amounts are left out, because the labels do not contain them.
    """
    yield "date", label["date"] or ASKED, read["date"] or ASKED
    yield "item", label["item"] or ASKED, read["item"] or ASKED
    if label["item"] is not None and read["item"] is not None:
        units = {*label["amounts"], *read["amounts"]}
        units |= {*label["asked"], *read["asked"]}
        units &= {indicator.unit for indicator in project.items[label["item"]].indicators}
        for unit in sorted(units):
            yield "amount", _amount(label, unit), _amount(read, unit)
    yield "place", _plain(label["place"]), _plain(read["place"])
    said, found = _series(label["series"]), _series(read["series"])
    yield "series", said, said if said and said in found else found
    yield "session", label["session"], read["session"]


def _amount(one: dict[str, Any], unit: str) -> object:
    return ASKED if unit in one["asked"] else one["amounts"].get(unit)


def _accepted(label: dict[str, Any], field: str, found: object) -> bool:
    return field == "amount" and found in label.get("accept", {}).values()


def _plain(words: str | None) -> str:
    return narrow(words or "").replace(" ", "")


def _series(name: str | None) -> str:
    plain = "".join(ch for ch in _plain(name) if ch not in '“”"‘’「」（）()')
    return plain.removesuffix("小组").removesuffix("个案")


def _score_reports(projects: dict[str, Project], labels: list[dict[str, Any]]) -> None:
    lost = invented = right = said = 0
    for label in labels:
        project, today = projects[label["community"]], date.fromisoformat(label["today"])
        events = read_report(project, label["text"], today).events
        read = [_read(project, event, label["today"]) for event in events]
        wanted = [(one["date"], one["item"]) for one in label["activities"]]
        found = [(one["date"], one["item"]) for one in read]
        matched = _matched(wanted, found)
        said += len(wanted)
        right += matched
        missing, extra = len(wanted) - len(found), len(found) - len(wanted)
        lost += max(missing, 0)
        invented += max(extra, 0)
        if "--wrong" in sys.argv and (len(wanted) != len(found) or matched < len(wanted)):
            print(f"  {label['text']}\n    said {wanted}\n    read {found}")
    print(f"  {len(labels)} reports, {said} activities: {right} with the right day and item")
    print(f"  lost {lost}, invented {invented}")


def _matched(wanted: list[Any], found: list[Any]) -> int:
    """Count the activities that were found; a field that must be asked for matches any value."""
    rest, matched = list(found), 0
    for day, item in wanted:
        for one in rest:
            days = one[0] in (day, None) or day is None
            items = one[1] in (item, None) or item is None
            if days and items:
                rest.remove(one)
                matched += 1
                break
    return matched


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.1%}" if whole else "0/0"


if __name__ == "__main__":
    main()
