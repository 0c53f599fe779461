"""A bundle: one file with a ledger and, where wanted, its evidence, without names unless asked.

It is a zip with ``bundle.json``, ``ledger.db`` (a ledger like any other) and ``evidence/<sha256>``;
docs/county.md describes it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sgtrack.evidence.evidence_store import Condition, condition, path_in
from sgtrack.files import replacing
from sgtrack.ledger import chain
from sgtrack.merging.pseudonymize import abridge, fingerprint
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.location import Location
from sgtrack.privacy.redact_workspace import read_secret
from sgtrack.store.opening import ledger_exists, reading
from sgtrack.store.sqlite import copy_to_file
from sgtrack.workspace import Workspace

LEDGER, EVIDENCE, NOTE = "ledger.db", "evidence", "bundle.json"
FORMAT = "sgtrack-bundle"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Bundled:
    """What a bundle holds: activities, files, files that are not at hand, names that were replaced.

    ``replaced`` is None where names were left in.
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
) -> Bundled:
    """Write a bundle of the whole ledger.

    Args:
        workspace: where the ledger and the evidence lie.
        path: the file to write.
        projects: the contracts, whose words are nobody's names.
        with_names: whether names are left as they are.
        with_evidence: whether files come along.
        made_at: when it is made, as an ISO moment.

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
            _snapshot(workspace.ledger, copy)
            replaced = None if secret is None else abridge(copy, secret, projects)
            return _pack(workspace, copy, partial, replaced, secret, with_evidence, made_at)
    except OSError as error:
        raise Refused(f"{path} 写不进去（{reason_of(error)}）", "检查文件夹和磁盘空间") from error


def _snapshot(ledger: Location, copy: Path) -> None:
    with reading(ledger) as db:
        if chain.verify_chain(db).faults:
            raise Refused("台账被别的程序改动过，不能打包", "先运行 sgtrack verify 看改动在哪里")
        copy_to_file(db, copy)


def _pack(
    workspace: Workspace,
    copy: Path,
    partial: Path,
    replaced: int | None,
    secret: bytes | None,
    with_evidence: bool,
    made_at: str,
) -> Bundled:
    with closing(sqlite3.connect(copy)) as db:
        (own,) = db.execute("SELECT id FROM ledger").fetchone()
        (activities,) = db.execute("SELECT count(*) FROM activity").fetchone()
        communities = [row[0] for row in db.execute("SELECT DISTINCT community FROM activity")]
        digests = [
            row[0]
            for row in db.execute(
                "SELECT sha256 FROM evidence UNION SELECT sha256 FROM issued_file"
            )
        ]
        head = chain.read_head(db)
    store = workspace.evidence
    at_hand = [
        one for one in digests if with_evidence and condition(store, one) is Condition.INTACT
    ]
    note = {
        "format": FORMAT,
        "version": VERSION,
        "ledger": own,
        "head": head,
        "communities": sorted(communities),
        "names": replaced is None,
        "key": None if secret is None else fingerprint(secret),
        "evidence": with_evidence,
        "made_at": made_at,
    }
    with ZipFile(partial, "w", ZIP_DEFLATED) as packed:
        packed.writestr(NOTE, json.dumps(note, ensure_ascii=False, indent=2))
        packed.write(copy, LEDGER)
        for one in at_hand:
            packed.write(path_in(store, one), f"{EVIDENCE}/{one}", ZIP_STORED)
    missing = len(digests) - len(at_hand) if with_evidence else 0
    return Bundled(activities, len(at_hand), missing, replaced, head)


def read_note(packed: ZipFile) -> None:
    """See whether a zip is a bundle this program understands.

    Raises:
        Refused: it was made by a newer program.
        KeyError, ValueError: it is none.
    """
    note = json.loads(packed.read(NOTE))
    if not isinstance(note, dict) or note.get("format") != FORMAT:
        raise ValueError(NOTE)
    if note.get("version") != VERSION:
        raise Refused(
            "合并包是更新版本的 sgtrack 做的", "升级 sgtrack 后再合并；没有合并，包也没有改动"
        )
