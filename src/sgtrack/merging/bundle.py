"""Writes a bundle: a zip file with a copy of the ledger and, on request, the evidence files.

A bundle contains ``bundle.json``, ``ledger.db`` and ``evidence/<sha256>`` (docs/county.md). By
default, names are replaced by pseudonyms. A pseudonym is computed with the secret of the workspace,
so a name has the same pseudonym in every bundle and a person who returns is counted once. The
original salts of the changed records are left out, so that nobody can test guessed names against
the chain.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sgtrack.evidence.evidence_store import Condition, check_condition, path_in
from sgtrack.files import unwritable
from sgtrack.ledger import chain
from sgtrack.ledger.known_people import read_names
from sgtrack.ledger.redaction import rewrite_texts
from sgtrack.ledger.rollups import rebuild
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.model.location import Location
from sgtrack.model.masking import NameMasker
from sgtrack.outputs import check_outputs, writing_output
from sgtrack.privacy.redact_workspace import PREFIX, PSEUDONYM, read_secret
from sgtrack.scratch import scratch_folder
from sgtrack.store.added_objects import drop_added_objects
from sgtrack.store.chain_links import Record, compute_digest, destroy_salts
from sgtrack.store.dialect import lift_guards
from sgtrack.store.opening import ledger_exists, reading
from sgtrack.store.sqlite import copy_to_file, expected_schema
from sgtrack.workspace import Workspace
from sgtrack.zips import copy_member

LEDGER, EVIDENCE, NOTE = "ledger.db", "evidence", "bundle.json"
FORMAT = "sgtrack-bundle"
VERSION = 1
DIGESTS = "SELECT sha256 FROM evidence UNION SELECT sha256 FROM issued_file"
_MAX_NOTE = 1_000_000
"""Maximum size of the note in bytes."""
_PSEUDONYM_DIGITS = 12
"""Number of hex digits in a pseudonym; enough to avoid collisions within a county."""


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """The contents of a bundle.

    ``missing`` counts the evidence files that are missing from the store or damaged in it.
    ``replaced`` counts the names that were replaced; it is None for a bundle with names. ``head``
    is the newest hash of the chain.
    """

    activities: int
    files: int
    missing: int
    replaced: int | None
    head: str


def make_bundle(
    workspace: Workspace,
    path: Path,
    projects: Iterable[Project],
    *,
    with_names: bool,
    with_evidence: bool,
    made_at: str,
) -> BundleSummary:
    """Write a bundle of the whole ledger; ``made_at`` is the time in ISO 8601.

    Without ``with_names``, names are replaced by pseudonyms. A name that also occurs in a contract
    of ``projects`` is only replaced in a text that consists of the name alone.

    Raises:
        Refused: there is no ledger, it is altered or damaged, or the bundle cannot be written.
    """
    if not ledger_exists(workspace.ledger):
        raise Refused("还没有台账，没有可打包的", "先用 sgtrack log 记一次活动")
    if path.is_dir() or path.suffix.lower() != ".zip":
        raise Refused(f"“{path.name}”不是合并包的文件名", "文件名以 .zip 结尾，如 -o 三里.zip")
    check_outputs(workspace, (path,))
    secret = None if with_names else read_secret(workspace, create=True)
    with scratch_folder(workspace.root) as scratch:
        copy = scratch / LEDGER
        _copy_ledger(workspace.ledger, copy)
        replaced = None if secret is None else pseudonymize(copy, secret, projects)
        note = {
            "names": secret is None,
            "key": None if secret is None else fingerprint(secret),
            "evidence": with_evidence,
            "made_at": made_at,
        }
        try:
            with writing_output(workspace, path) as partial:
                return _pack(workspace.evidence, copy, partial, note, replaced)
        except OSError as error:
            raise unwritable(path, error) from error


def _copy_ledger(ledger: Location, copy: Path) -> None:
    with reading(ledger) as db:
        if chain.verify_chain(db).faults:
            raise Refused("台账被其他程序改动过，不能打包", "先运行 sgtrack verify 看改动在哪里")
        copy_to_file(db, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        # A view that the officer added may contain a name, and only she needs the view.
        drop_added_objects(db, expected_schema())


def _pack(
    store: Path, copy: Path, partial: Path, note: Mapping[str, object], replaced: int | None
) -> BundleSummary:
    with closing(sqlite3.connect(copy)) as db:
        (ledger_id,) = db.execute("SELECT id FROM ledger").fetchone()
        (activities,) = db.execute("SELECT count(*) FROM activity").fetchone()
        communities = [row[0] for row in db.execute("SELECT DISTINCT community FROM activity")]
        wanted = [row[0] for row in db.execute(DIGESTS)] if note["evidence"] else []
        head = chain.read_head(db)
    intact = [digest for digest in wanted if check_condition(store, digest) is Condition.INTACT]
    described = {
        "format": FORMAT,
        "version": VERSION,
        "ledger": ledger_id,
        "head": head,
        "communities": sorted(communities),
        **note,
    }
    with ZipFile(partial, "w", ZIP_DEFLATED) as archive:
        archive.writestr(NOTE, json.dumps(described, ensure_ascii=False, indent=2))
        archive.write(copy, LEDGER)
        for digest in intact:
            archive.write(path_in(store, digest), f"{EVIDENCE}/{digest}", ZIP_STORED)
    return BundleSummary(activities, len(intact), len(wanted) - len(intact), replaced, head)


def check_note(archive: ZipFile) -> None:
    """Check that a zip file is a bundle that this program understands.

    Raises:
        Refused: a newer version of the program made the bundle.
        KeyError, ValueError: the file is not a bundle.
    """
    content = BytesIO()
    copy_member(archive, NOTE, content, _MAX_NOTE)
    note = json.loads(content.getvalue())
    if not isinstance(note, dict) or note.get("format") != FORMAT:
        raise ValueError(NOTE)
    if note.get("version") != VERSION:
        raise Refused(
            "合并包是更新版本的 sgtrack 做的", "升级 sgtrack 后再合并；没有合并，包也没有改动"
        )


class _Pseudonymizer:
    """A text rewriter that replaces every name of a ledger by its pseudonym."""

    def __init__(self, names: Iterable[str], secret: bytes, projects: Iterable[Project]) -> None:
        self.pseudonyms = {
            name: PREFIX + _keyed_hash(secret, name, _PSEUDONYM_DIGITS).upper()
            for name in names
            if not PSEUDONYM.fullmatch(name)
        }
        self._masker = NameMasker(self.pseudonyms, projects, self.pseudonyms.__getitem__)

    def text(self, text: str) -> str:
        """Replace the names in a text.

        A text that equals a name is replaced even if the name occurs in a contract.
        """
        return self.pseudonyms.get(text) or self._masker.text(text)

    def json(self, text: str) -> str:
        """Replace the names in a JSON document, and write it in the JSON format of the ledger."""
        value = json.loads(text)
        changed = self._masker.within(value)
        return text if changed == value else json.dumps(changed, ensure_ascii=False, sort_keys=True)


def pseudonymize(copy: Path, secret: bytes, projects: Iterable[Project]) -> int:
    """Replace all names in a copy of a ledger by pseudonyms; return the number of names."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        pseudonymizer = _Pseudonymizer(read_names(db), secret, projects)
        db.execute("BEGIN")
        with lift_guards(db):
            for record in rewrite_texts(db, pseudonymizer):
                _replace_digest(db, record)
        # Another program may have put a name into a roll-up, although no entry contains it.
        rebuild(db)
        db.execute("COMMIT")
        # VACUUM removes the old names from the free pages. Without this setting, SQLite would write
        # its copy to the temporary folder of the system.
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("VACUUM")
    return len(pseudonymizer.pseudonyms)


def fingerprint(secret: bytes) -> str:
    """Return a text that identifies a secret without revealing it."""
    return _keyed_hash(secret, "fingerprint", 16)


def _keyed_hash(secret: bytes, text: str, digits: int) -> str:
    return hmac.new(secret, text.encode(), "sha256").hexdigest()[:digits]


def _replace_digest(db: sqlite3.Connection, record: Record) -> None:
    """Replace the digests of a record by the digest of its pseudonymized body.

    The new salt is derived from an old one, so every bundle has the same digest for the same body.
    """
    where = "WHERE kind = ? AND record_id = ?"
    salts = [
        row[0]
        for sql in (
            f"SELECT salt FROM link {where}",  # noqa: S608
            f"SELECT salt FROM forgotten {where} ORDER BY forgetting_id",  # noqa: S608
            f"SELECT salt FROM abridgement {where}",  # noqa: S608
        )
        for row in db.execute(sql, record)
        if row[0]
    ]
    salt = sha256(f"abridged {salts[0]}".encode()).hexdigest()[:32]
    (body,) = db.execute(f"SELECT body FROM content {where}", record).fetchone()  # noqa: S608
    destroy_salts(db, *record)
    db.execute(
        "INSERT OR REPLACE INTO abridgement VALUES ('', ?, ?, ?, ?)",
        (*record, compute_digest(salt, body), salt),
    )
