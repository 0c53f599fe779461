"""Writes a bundle: one zip file with a ledger and, if wanted, its evidence.

It holds ``bundle.json``, ``ledger.db`` and ``evidence/<sha256>``; docs/county.md describes it.
Names are replaced by pseudonyms unless the officer wants them. A pseudonym is made with the secret
of the workspace, so that a person who returns is still counted once. The salts of the original
digests are left out, so that nobody can try names against the digests in the chain.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sgtrack.evidence.evidence_store import Condition, check_condition, path_in
from sgtrack.files import replacing
from sgtrack.ledger import chain
from sgtrack.ledger.known_people import read_names
from sgtrack.ledger.redaction import Record, rewrite_texts
from sgtrack.ledger.rollups import rebuild
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.location import Location
from sgtrack.model.masking import NameMasker
from sgtrack.privacy.redact_workspace import PREFIX, PSEUDONYM, read_secret
from sgtrack.store.chain_links import compute_digest, destroy_salts
from sgtrack.store.dialect import lift_guards
from sgtrack.store.opening import ledger_exists, reading
from sgtrack.store.sqlite import copy_to_file
from sgtrack.workspace import Workspace

LEDGER, EVIDENCE, NOTE = "ledger.db", "evidence", "bundle.json"
FORMAT = "sgtrack-bundle"
VERSION = 1
DIGESTS = "SELECT sha256 FROM evidence UNION SELECT sha256 FROM issued_file"
_PSEUDONYM_DIGITS = 12
"""With this many digits, two people of a county do not get the same pseudonym by chance."""


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """The contents of a bundle; ``missing`` counts files that the store lacks.

    ``replaced`` counts the replaced names; it is None if names were kept.
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

    The words of ``projects`` are never replaced by pseudonyms.

    Raises:
        Refused: there is no ledger, it is altered or damaged, or the file cannot be written.
    """
    if not ledger_exists(workspace.ledger):
        raise Refused("还没有台账，没有可打包的", "先用 sgtrack log 记一次活动")
    if path.is_dir() or path.suffix.lower() != ".zip":
        raise Refused(f"“{path.name}”不是合并包的文件名", "文件名以 .zip 结尾，如 -o 三里.zip")
    secret = None if with_names else read_secret(workspace.root, create=True)
    try:
        with TemporaryDirectory() as scratch, replacing(path) as partial:
            copy = Path(scratch) / LEDGER
            _copy_ledger(workspace.ledger, copy)
            replaced = None if secret is None else pseudonymize(copy, secret, projects)
            note = {
                "names": secret is None,
                "key": None if secret is None else fingerprint(secret),
                "evidence": with_evidence,
                "made_at": made_at,
            }
            return _pack(workspace.evidence, copy, partial, note, replaced)
    except OSError as error:
        raise Refused(f"{path} 写不进去（{reason_of(error)}）", "检查文件夹和磁盘空间") from error


def _copy_ledger(ledger: Location, copy: Path) -> None:
    with reading(ledger) as db:
        if chain.verify_chain(db).faults:
            raise Refused("台账被别的程序改动过，不能打包", "先运行 sgtrack verify 看改动在哪里")
        copy_to_file(db, copy)


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
        Refused: a newer program made it.
        KeyError, ValueError: it is not a bundle.
    """
    note = json.loads(archive.read(NOTE))
    if not isinstance(note, dict) or note.get("format") != FORMAT:
        raise ValueError(NOTE)
    if note.get("version") != VERSION:
        raise Refused(
            "合并包是更新版本的 sgtrack 做的", "升级 sgtrack 后再合并；没有合并，包也没有改动"
        )


class _Pseudonymizer:
    """Replaces all names of a ledger at once."""

    def __init__(self, names: Iterable[str], secret: bytes, projects: Iterable[Project]) -> None:
        self.pseudonyms = {
            name: PREFIX + _keyed_hash(secret, name, _PSEUDONYM_DIGITS).upper()
            for name in names
            if not PSEUDONYM.fullmatch(name)
        }
        self._masker = NameMasker(self.pseudonyms, projects, self.pseudonyms.__getitem__)

    def text(self, text: str) -> str:
        """Replace the names in a text; a text that is a name is replaced even if it is a word."""
        return self.pseudonyms.get(text) or self._masker.text(text)

    def json(self, text: str) -> str:
        """Replace the names in JSON, in the form in which the ledger writes it."""
        value = json.loads(text)
        changed = self._masker.within(value)
        return text if changed == value else json.dumps(changed, ensure_ascii=False, sort_keys=True)


def pseudonymize(copy: Path, secret: bytes, projects: Iterable[Project]) -> int:
    """Replace all names in a copy of a ledger by pseudonyms, and return their number."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        pseudonymizer = _Pseudonymizer(read_names(db), secret, projects)
        db.execute("BEGIN")
        with lift_guards(db):
            for record in rewrite_texts(db, pseudonymizer):
                _replace_digest(db, record)
        # Rebuilt, because rows that another program altered may hold a name that no entry has.
        rebuild(db)
        db.execute("COMMIT")
        # Free pages still hold the overwritten names.
        db.execute("VACUUM")
    return len(pseudonymizer.pseudonyms)


def fingerprint(secret: bytes) -> str:
    """Identify the secret of a bundle without revealing it."""
    return _keyed_hash(secret, "fingerprint", 16)


def _keyed_hash(secret: bytes, text: str, digits: int) -> str:
    return hmac.new(secret, text.encode(), "sha256").hexdigest()[:digits]


def _replace_digest(db: sqlite3.Connection, record: Record) -> None:
    """Store a digest of a record's new words; the same words always have the same digest."""
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
