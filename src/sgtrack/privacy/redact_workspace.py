"""Replaces a name by a pseudonym in a whole workspace, and lists files for the officer to check.

A pseudonym is computed from the name and a secret of the workspace, so a name always has the same
pseudonym. The secret is a file beside the ledger; no backup and no export contains it. Therefore
nobody who has only the ledger can test guessed names against a pseudonym.
"""

from __future__ import annotations

import hmac
import logging
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from sgtrack.files import make_private_file, remove_stale, replacing
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.known_people import read_names
from sgtrack.ledger.redaction import RedactionCounts, read_pseudonyms, redact_name
from sgtrack.model.entries import Entry, EntryFilter, Evidence, Origin
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.location import Location, Server
from sgtrack.model.masking import Pseudonym
from sgtrack.model.name_forms import fold_text
from sgtrack.privacy.encryption import is_encrypted
from sgtrack.privacy.office_encryption import is_protected
from sgtrack.privacy.unfinished_redaction import (
    read_unfinished,
    redaction_turn,
    remember_until_done,
)
from sgtrack.recovery import backups
from sgtrack.scratch import SCRATCH, exclusive_lock
from sgtrack.store import sqlite_files
from sgtrack.store.connection import COMMITS
from sgtrack.store.opening import reading
from sgtrack.store.sqlite_files import APPLICATION_ID
from sgtrack.workspace import Workspace
from sgtrack.zips import UNREADABLE

SECRET_FILE = "forget.key"  # noqa: S105 - the name of the file
PREFIX = "居民"
PSEUDONYM = re.compile(f"{PREFIX}[0-9A-F]{{4,32}}")
_SECRET_BYTES = 32
_MIN_DIGITS = 4
_TAG_DIGITS = 32
_SQLITE_HEADER = b"SQLite format 3\0"
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAX_BYTES = 64_000_000
"""Maximum number of bytes to search in a file, or in a member of an archive."""
_TAG = re.compile(rb"<[^>]*>")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkspaceRedaction:
    """The result of redacting a name in a workspace.

    ``ledgers`` are the rewritten ledgers with their counts. ``failed`` are the ledgers that could
    not be rewritten, with the reason. The officer must check the other files herself:
    ``mentioning`` are files that contain the name, ``sealed`` are encrypted files, and ``pictured``
    is the evidence of activities that mention the name.
    """

    pseudonym: Pseudonym
    ledgers: tuple[tuple[Location, RedactionCounts], ...]
    failed: tuple[tuple[Path, str], ...]
    mentioning: tuple[Path, ...]
    sealed: tuple[Path, ...]
    pictured: tuple[tuple[Entry, Evidence], ...]


def redact_workspace(
    workspace: Workspace, name: str, origin: Origin, reason: str, *, dry_run: bool
) -> WorkspaceRedaction:
    """Replace a name in the ledger and in every copy of the ledger in the workspace.

    A second call for the name uses the same pseudonym, and tries the failed copies again.

    Raises:
        Refused: the ledger cannot be rewritten; nothing was changed.
    """
    rewritten: list[tuple[Location, RedactionCounts]] = []
    failed: list[tuple[Path, str]] = []
    turn = nullcontext() if dry_run else redaction_turn(workspace.root)
    with _explain_interrupt(rewritten), turn:
        if not dry_run:
            for folder in {path.parent for path in _list_files(workspace)}:
                remove_stale(folder)
        pictured = tuple(_evidence_of(workspace.ledger, name))
        secret = read_secret(workspace, create=not dry_run)
        pseudonym = make_pseudonym(name, secret, _read_all_pseudonyms(workspace))
        was_unfinished = pseudonym.words in read_unfinished(workspace.root)

        def redact(place: Location, *, copy_first: bool) -> None:
            counts = _redact(
                place, name, pseudonym, origin, reason, dry_run=dry_run, copy_first=copy_first
            )
            if counts.records:
                rewritten.append((place, counts))

        memory = remember_until_done(workspace.root, pseudonym.words, lambda: not failed)
        with nullcontext() if dry_run else memory:
            redact(workspace.ledger, copy_first=True)
            # The upgrade of the ledger or other commands may have made copies since the first
            # search.
            copies = find_ledger_copies(workspace)
            for path in copies:
                try:
                    redact(path, copy_first=False)
                except Refused as refused:
                    failed.append((path, refused.message))
            if (rewritten or was_unfinished) and not dry_run:
                _back_up(workspace)
            others = [path for path in _list_others(workspace) if path not in copies]
            mentioning = tuple(path for path in others if mentions(path, name))
            sealed = tuple(path for path in others if _is_sealed(path))
    return WorkspaceRedaction(
        pseudonym, tuple(rewritten), tuple(failed), mentioning, sealed, pictured
    )


def _back_up(workspace: Workspace) -> None:
    """Back up the rewritten ledger, if it is a file.

    ``recover`` needs a backup with the same chain. The chains of the older backups differ, because
    each of them recorded a redaction of its own.
    """
    if isinstance(workspace.ledger, Path):
        with suppress(OSError, sqlite3.Error, sqlite_files.UnsoundCopy):
            backups.make_backup(workspace.ledger, backups.Reason.MANUAL)


def _list_others(workspace: Workspace) -> list[Path]:
    """List the files of the workspace that are not ledgers."""
    return [
        path for path in _list_files(workspace) if path != workspace.ledger and not _is_ledger(path)
    ]


@contextmanager
def _explain_interrupt(rewritten: list[tuple[Location, RedactionCounts]]) -> Iterator[None]:
    """Tell the officer after Ctrl-C which ledgers were rewritten."""
    commits = COMMITS.begun
    try:
        yield
    except KeyboardInterrupt:
        if COMMITS.begun == commits:
            _log.warning("没有隐去：台账和备份都没有改动")
        else:
            _log.warning(
                "没有做完：%d 份台账和备份里的姓名已经换成代号，其余的没有换，别的文件也没有查完；"
                "再运行一次同样的命令就做完",
                max(len(rewritten), 1),
            )
        raise


def read_secret(workspace: Workspace, *, create: bool) -> bytes:
    """Read the secret of a workspace.

    If there is no secret, a new one is made; it is stored only if ``create`` is true. An empty file
    is replaced in the same way, with a warning, unless a ledger of the workspace already has
    pseudonyms.

    Raises:
        Refused: the secret is shortened or altered, is empty although a ledger has pseudonyms, or
            cannot be read or written.
    """
    path = workspace.root / SECRET_FILE
    try:
        if not create:
            return _read_stored(workspace, path) or secrets.token_bytes(_SECRET_BYTES)
        # Without the lock, two commands that start at the same time could use two secrets.
        with exclusive_lock(workspace.root, SECRET_FILE):
            secret = _read_stored(workspace, path)
            if secret is None:
                if path.exists():
                    _log.warning(
                        "%s 是空的，已经换成新的；以前打的不带姓名的合并包请重新打一份", path
                    )
                secret = secrets.token_bytes(_SECRET_BYTES)
                with replacing(path) as partial:
                    make_private_file(partial)
                    partial.write_text(secret.hex(), encoding="ascii")
            return secret
    except OSError as error:
        raise Refused(
            f"{path} 无法读写（{reason_of(error)}）", "检查磁盘空间和文件夹的权限"
        ) from None


def _read_stored(workspace: Workspace, path: Path) -> bytes | None:
    """Read the stored secret; return None if a new one must be made.

    A new secret must be made if the file is missing, or if it is empty and no ledger has a
    pseudonym.

    Raises:
        Refused: the file does not contain exactly 64 hexadecimal digits, and no new secret may be
            made.
        OSError: the file cannot be read.
    """
    try:
        content = path.read_bytes().strip()
    except FileNotFoundError:
        return None
    if re.fullmatch(rb"[0-9A-Fa-f]{%d}" % (2 * _SECRET_BYTES), content):
        return bytes.fromhex(content.decode("ascii"))
    if not content and not _read_all_pseudonyms(workspace):
        return None
    raise Refused(
        f"{path} 是空的或者不完整，不能用来做代号",
        "从整个工作文件夹的备份里把它复制回来；找不回来就把它删掉，再运行一次，"
        "以后同一个人会得到另一个代号",
    )


def _read_all_pseudonyms(workspace: Workspace) -> dict[str, str]:
    """Read the pseudonyms of the ledger and of its copies in the workspace, with their tags."""
    taken: dict[str, str] = {}
    for place in (workspace.ledger, *find_ledger_copies(workspace)):
        with suppress(Refused):
            taken |= read_pseudonyms(place)
    return taken


def count_returned_names(workspace: Workspace) -> int:
    """Count the names in the ledger that this workspace has redacted before.

    A merge brings such a name back if the other ledger never redacted it.

    Raises:
        Refused: the ledger or the secret cannot be read.
    """
    with reading(workspace.ledger) as db:
        tags = {tag for (tag,) in db.execute("SELECT tag FROM forgetting")}
        names = read_names(db) if tags else frozenset[str]()
    if not names:
        return 0
    secret = read_secret(workspace, create=False)
    return sum(_make_tag(name, secret) in tags for name in names)


def _make_tag(name: str, secret: bytes) -> str:
    return hmac.new(secret, name.encode("utf-8"), "sha256").hexdigest()[:_TAG_DIGITS]


def make_pseudonym(name: str, secret: bytes, taken: Mapping[str, str]) -> Pseudonym:
    """Make the pseudonym of a name: 居民 and a number of hexadecimal digits.

    The pseudonym has at least four digits, and more only if they are needed to make it unique. A
    name that already has a pseudonym keeps it. ``taken`` maps the existing pseudonyms to their
    tags.
    """
    tag = _make_tag(name, secret)
    for words, existing_tag in taken.items():
        if existing_tag == tag:
            return Pseudonym(words, tag)
    for length in range(_MIN_DIGITS, len(tag) + 1):
        words = PREFIX + tag[:length].upper()
        if words not in taken:
            return Pseudonym(words, tag)
    # This is practically impossible with 128 bits.
    raise AssertionError("two names have the same tag")


def find_ledger_copies(workspace: Workspace) -> list[Path]:
    """Find all ledger files in the workspace except the ledger itself, such as backups."""
    return [
        path
        for path in _list_files(workspace)
        if path != workspace.ledger and workspace.evidence not in path.parents and _is_ledger(path)
    ]


def _list_files(workspace: Workspace) -> list[Path]:
    """List the files of the workspace, except temporary files of running commands."""
    return [
        path
        for path in sorted(workspace.root.rglob("*"))
        if path.is_file() and not path.is_symlink() and workspace.root / SCRATCH not in path.parents
    ]


def _is_ledger(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(72)
    except OSError:
        return False
    return head.startswith(_SQLITE_HEADER) and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _is_sealed(path: Path) -> bool:
    """Return whether a file is encrypted, so that it cannot be searched."""
    try:
        with path.open("rb") as file:
            return is_encrypted(path) or is_protected(file.read(_MAX_BYTES))
    except OSError:
        return False


def _redact(
    place: Location,
    name: str,
    pseudonym: Pseudonym,
    origin: Origin,
    reason: str,
    *,
    dry_run: bool,
    copy_first: bool,
) -> RedactionCounts:
    """Redact one ledger; restore the permissions and times of its file afterwards."""
    if isinstance(place, Server):
        return redact_name(place, name, pseudonym, origin, reason, dry_run=dry_run)
    before = place.stat()
    place.chmod(before.st_mode | 0o200)
    try:
        return redact_name(
            place, name, pseudonym, origin, reason, dry_run=dry_run, copy_first=copy_first
        )
    finally:
        place.chmod(before.st_mode)
        os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


def _evidence_of(ledger: Location, name: str) -> Iterator[tuple[Entry, Evidence]]:
    """Yield the evidence of each activity that counts and mentions a name."""
    with reading(ledger) as db:
        entries = read_entries(db, EntryFilter(everything=True))
    for entry in entries:
        activity = entry.activity
        texts = (
            *(*activity.participants, activity.title, activity.note),
            *(evidence.name for evidence in entry.evidence),
        )
        if entry.counts and any(fold_text(name) in fold_text(text) for text in texts):
            yield from ((entry, evidence) for evidence in entry.evidence)


def mentions(path: Path, name: str) -> bool:
    """Return whether a file contains a name in its path, in its text or in a member of an archive.

    Word and Excel files are archives. Scans, photos and most PDF files have no text to search.
    """
    form = fold_text(name)
    if any(form in fold_text(part) for part in path.parts[-2:]):
        return True
    try:
        if not is_zipfile(path):
            with path.open("rb") as file:
                return _contains(file.read(_MAX_BYTES), name)
        with ZipFile(path) as archive:
            for member in archive.infolist():
                if form in fold_text(member.filename):
                    return True
                with archive.open(member) as part:
                    if _contains(part.read(_MAX_BYTES), name):
                        return True
        return False
    except (*UNREADABLE, OSError):
        return False


def _contains(content: bytes, name: str) -> bool:
    if any(name.encode(encoding) in content for encoding in _ENCODINGS):
        return True
    if b"\0" in content and not content.startswith(_UTF16):
        return False  # photos and scans have no text
    # Word may split a name over several XML elements, so the tags are removed.
    is_markup = content.lstrip()[:1] == b"<"
    bare = _TAG.sub(b"", content) if is_markup else content
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8", "gb18030")
    texts = (part.decode(encoding, "ignore") for part in {content, bare} for encoding in encodings)
    form = fold_text(name)
    return any(form in fold_text(unescape(text) if is_markup else text) for text in texts)
