"""Forgets a name in a whole workspace: ledger and backups, and what is left for the officer."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.redaction import RedactionCounts, read_pseudonyms, redact_name
from sgtrack.model.entries import Entry, EntryFilter, Evidence, Origin
from sgtrack.model.errors import Refused
from sgtrack.model.location import Location, Server
from sgtrack.model.masking import Pseudonym
from sgtrack.privacy.encryption import is_sealed
from sgtrack.privacy.pseudonyms import pseudonym, secret_of
from sgtrack.recovery import backups
from sgtrack.store import sqlite_files
from sgtrack.store.opening import reading
from sgtrack.store.sqlite_files import APPLICATION_ID
from sgtrack.workspace import Workspace
from sgtrack.zips import UNREADABLE

_HEAD = b"SQLite format 3\0"
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
_MOST_BYTES = 64_000_000
"""How much of a file, or of a part of a packed file, is searched."""
_TAG = re.compile(rb"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Everywhere:
    """What was done, and what the officer has to do herself.

    ``ledgers`` are the files that were rewritten with what was found in each; ``failed`` those that
    could not be, with the reason; ``mentioning`` files in which the name can be read; ``sealed``
    those that cannot be looked into; ``pictured`` the files that prove activities of that person,
    which nobody but she can look at.
    """

    pseudonym: Pseudonym
    ledgers: tuple[tuple[Location, RedactionCounts], ...]
    failed: tuple[tuple[Path, str], ...]
    mentioning: tuple[Path, ...]
    sealed: tuple[Path, ...]
    pictured: tuple[tuple[Entry, Evidence], ...]


def forget_everywhere(
    workspace: Workspace, name: str, origin: Origin, reason: str, *, keep: bool
) -> Everywhere:
    """Replace a name in the ledger and in every copy of it in the workspace.

    It can be repeated: what was not reached is reached then, and gets the same pseudonym.

    Raises:
        Refused: the ledger cannot be rewritten; nothing was changed.
    """
    pictured = tuple(_pictured(workspace.ledger, name))
    taken: dict[str, str] = {}
    for path in (workspace.ledger, *copies_in(workspace)):
        taken |= _pseudonyms(path)
    chosen = pseudonym(name, secret_of(workspace.root, keep=keep), taken)
    ledger = workspace.ledger
    found = _forget_in(ledger, name, chosen, origin, reason, keep=keep, main=True)
    done: list[tuple[Location, RedactionCounts]] = [(ledger, found)] if found.records else []
    failed: list[tuple[Path, str]] = []
    # Only now: until here other commands, and the upgrade of the ledger, may have made copies.
    copies = copies_in(workspace)
    for path in copies:
        try:
            found = _forget_in(path, name, chosen, origin, reason, keep=keep, main=False)
        except Refused as refused:
            failed.append((path, refused.message))
        else:
            done += [(path, found)] if found.records else []
    if keep and done and isinstance(ledger, Path):
        # ``recover`` builds on a backup that has the same history, which older ones no longer have.
        with suppress(OSError, sqlite3.Error, sqlite_files.UnsoundCopy):
            backups.make_backup(ledger, backups.Reason.MANUAL)
    others = tuple(_other_files(workspace, copies))
    mentioning = tuple(path for path in others if mentions(path, name))
    sealed = tuple(path for path in others if is_sealed(path))
    return Everywhere(chosen, tuple(done), tuple(failed), mentioning, sealed, pictured)


def copies_in(workspace: Workspace) -> list[Path]:
    """Every ledger in the workspace but the ledger itself: backups, and what was replaced."""
    return [
        path
        for path in sorted(workspace.root.rglob("*"))
        if path != workspace.ledger
        and workspace.evidence not in path.parents
        and path.is_file()
        and not path.is_symlink()
        and _is_ledger(path)
    ]


def _is_ledger(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(72)
    except OSError:
        return False
    return head.startswith(_HEAD) and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _pseudonyms(path: Location) -> dict[str, str]:
    try:
        return read_pseudonyms(path)
    except Refused:
        return {}


def _forget_in(
    path: Location,
    name: str,
    chosen: Pseudonym,
    origin: Origin,
    reason: str,
    *,
    keep: bool,
    main: bool,
) -> RedactionCounts:
    """Forget in one ledger; a backup keeps its age and stays as protected as it was."""
    if isinstance(path, Server):
        return redact_name(path, name, chosen, origin, reason, dry_run=not keep)
    before = path.stat()
    path.chmod(before.st_mode | 0o200)
    try:
        return redact_name(path, name, chosen, origin, reason, dry_run=not keep, copy_first=main)
    finally:
        path.chmod(before.st_mode)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _pictured(ledger: Location, name: str) -> Iterator[tuple[Entry, Evidence]]:
    with reading(ledger) as db:
        everything = read_entries(db, EntryFilter(everything=True))
    for entry in everything:
        activity = entry.activity
        texts = (
            *activity.participants,
            activity.title,
            activity.note,
            *(e.name for e in entry.evidence),
        )
        if entry.counts and any(name in text for text in texts):
            yield from ((entry, one) for one in entry.evidence)


def _other_files(workspace: Workspace, ledgers: list[Path]) -> Iterator[Path]:
    for path in sorted(workspace.root.rglob("*")):
        known = path in (workspace.ledger, *ledgers) or _is_ledger(path)
        if not known and path.is_file() and not path.is_symlink():
            yield path


def mentions(path: Path, name: str) -> bool:
    """Whether a name can be read in a file, also in one packed as Word and Excel pack theirs.

    Scans, photos and most PDF files hold no text that could be found.
    """
    if any(name in part for part in path.parts[-2:]):
        return True
    try:
        if is_zipfile(path):
            with ZipFile(path) as packed:
                for one in packed.infolist():
                    if name in one.filename:
                        return True
                    with packed.open(one) as part:
                        if _has(part.read(_MOST_BYTES), name):
                            return True
            return False
        with path.open("rb") as file:
            return _has(file.read(_MOST_BYTES), name)
    except (*UNREADABLE, OSError):
        return False


def _has(content: bytes, name: str) -> bool:
    bare = _TAG.sub(b"", content) if content.lstrip()[:1] == b"<" else content
    return any(name.encode(encoding) in one for encoding in _ENCODINGS for one in (content, bare))
