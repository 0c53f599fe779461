"""Compares the files in the briefs folder with the briefs that the ledger issued."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from sgtrack.checks.integrity import IntegrityFault
from sgtrack.files import hash_file
from sgtrack.model.entries import short_id
from sgtrack.model.errors import reason_of
from sgtrack.model.issued import brief_label, brief_options
from sgtrack.outputs import is_own_output
from sgtrack.printed_codes import FORMATS, read_printed_code
from sgtrack.store.connection import Connection
from sgtrack.workspace import Workspace

_USUAL_NAME = re.compile(rf"(.+)-(\d{{4}}-\d\d(?:-补充\d*)?)\.({'|'.join(FORMATS)})")
_REPLACED = "台账可能换成了旧的一份，或简报是其他电脑发出的"
_BriefKey = tuple[str, str]
"""The slug of a community and the name of a brief, such as 2026-03 or 2026-12-补充."""


@dataclass(frozen=True, slots=True)
class _Issued:
    """The issued brief of a month, as the ledger recorded it.

    ``digests`` contains pairs of a format and the SHA-256 of the issued file. ``is_own`` is true if
    this ledger issued the brief, and false if a merged ledger did. ``options`` are the command-line
    options that name the brief.
    """

    record_id: str
    is_own: bool
    options: str
    digests: frozenset[tuple[str, str]]


def check_brief_files(
    db: Connection, workspace: Workspace
) -> tuple[tuple[IntegrityFault, ...], tuple[str, ...]]:
    """Check the files with the usual names of briefs.

    A file is a fault if it differs from the issued one, or if it prints a code that the chain does
    not contain. A copy under another name belongs to the officer and is not checked. A brief whose
    file is missing, or is an older output of sgtrack, gets only a remark, because a killed command
    can be the cause.

    Returns:
        The faults, and the remarks as messages.
    """
    issued = _read_issued(db)
    faults, remarks = [], []
    present: set[_BriefKey] = set()
    for path, match in _list_usual(workspace.briefs):
        month: _BriefKey = (match[1], match[2])
        brief = issued.get(month)
        if brief is None:
            if (code := read_printed_code(path)) and not _has_code(db, code):
                faults.append(_fault(path, "", f"上面的校验码 {code} 台账里没有，{_REPLACED}"))
            continue
        known = {digest for kind, digest in brief.digests if kind == match[3]}
        try:
            if not known or hash_file(path) in known:
                present.add(month)
            elif not is_own_output(workspace, path):
                present.add(month)
                message = "发出以后改过；删掉或改名，再用 sgtrack brief 原样取出"
                faults.append(_fault(path, brief.record_id, message))
        except OSError as error:
            present.add(month)
            faults.append(_fault(path, brief.record_id, f"无法打开（{reason_of(error)}）"))
    for (slug, label), brief in sorted(issued.items()):
        if brief.is_own and (slug, label) not in present:
            remarks.append(
                f"{slug} {label} 的简报发出了，文件不在 {workspace.briefs.name} 里；"
                f"用 sgtrack brief {brief.options} -c {slug} 原样取出"
            )
    return tuple(faults), tuple(remarks)


def _list_usual(folder: Path) -> list[tuple[Path, re.Match[str]]]:
    """List the files in a folder that are named like briefs, each with the parts of its name."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        (path, match)
        for path in paths
        if (match := _USUAL_NAME.fullmatch(path.name)) and path.is_file() and not path.is_symlink()
    ]


def _fault(path: Path, record_id: str, message: str) -> IntegrityFault:
    label = f"{short_id(record_id)}（{path.name}）" if record_id else path.name
    return IntegrityFault("issued_brief", record_id, label, message)


def _has_code(db: Connection, code: str) -> bool:
    prefix = code.replace("-", "")
    row = db.execute("SELECT 1 FROM link WHERE hash LIKE ?", (f"{prefix}%",)).fetchone()
    return row is not None


def _read_issued(db: Connection) -> dict[_BriefKey, _Issued]:
    """Read the issued briefs by month, with the files of all ledgers that issued the month."""
    digests = defaultdict[_BriefKey, set[tuple[str, str]]](set)
    first: dict[_BriefKey, tuple[str, bool, str]] = {}
    for record_id, slug, month, part, kind, digest, is_own in db.execute(
        "SELECT b.id, b.community, b.month, b.part, f.format, f.sha256, "
        "l.source = (SELECT id FROM ledger) FROM standing_brief AS b "
        "JOIN issued_file AS f ON f.brief_id = b.id "
        "JOIN link AS l ON l.kind = 'issued_brief' AND l.record_id = b.id ORDER BY b.id"
    ):
        label = brief_label(month, part)
        digests[slug, label].add((kind, digest))
        first.setdefault((slug, label), (record_id, bool(is_own), brief_options(month, part)))
    return {
        key: _Issued(record_id, is_own, options, frozenset(digests[key]))
        for key, (record_id, is_own, options) in first.items()
    }
