"""Leaves the names out of a copy of a ledger, so that it can still be counted and checked.

Every name becomes a pseudonym made with the secret of the workspace, the same one each time, so
that whoever returns is still counted once. A record that held a name is held to a digest of its new
words; the salt of its link stays behind, so that nobody can try names against the digest in the
chain.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from sgtrack.ledger.known_people import read_names
from sgtrack.ledger.redaction import rewrite_texts
from sgtrack.ledger.rollups import rebuild
from sgtrack.model.contract import Project
from sgtrack.model.masking import NameMasker
from sgtrack.privacy.redact_workspace import PREFIX, PSEUDONYM
from sgtrack.store.chain_links import compute_digest, destroy_salts
from sgtrack.store.dialect import lift_guards

_SIGNS = 12
"""Enough that two of a county's people do not meet by chance."""


class _Naming:
    """Puts pseudonyms in the place of all names at once."""

    def __init__(self, known: Iterable[str], secret: bytes, projects: Iterable[Project]) -> None:
        self.words = {
            name: PREFIX + hmac.new(secret, name.encode(), "sha256").hexdigest()[:_SIGNS].upper()
            for name in known
            if not PSEUDONYM.fullmatch(name)
        }
        self._hider = NameMasker(self.words, projects, self.words.__getitem__)

    def text(self, text: str) -> str:
        """The text without names; a name alone is one even where the contract has the word."""
        return self.words.get(text) or self._hider.text(text)

    def json(self, text: str) -> str:
        """JSON without names, as the ledger writes JSON."""
        value = json.loads(text)
        changed: Any = self._hider.within(value)
        return text if changed == value else json.dumps(changed, ensure_ascii=False, sort_keys=True)


def abridge(path: Path, secret: bytes, projects: Iterable[Project]) -> int:
    """Leave the names out of a ledger, which must be a copy; how many were replaced."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        naming = _Naming(read_names(db), secret, projects)
        db.execute("BEGIN")
        with lift_guards(db):
            for record in rewrite_texts(db, naming):
                _seal_anew(db, record)
        # Whole, because what was altered beside the entries may hold a name that no entry does.
        rebuild(db)
        db.execute("COMMIT")
        # What was overwritten must not be left in free pages.
        db.execute("VACUUM")
    return len(naming.words)


def fingerprint(secret: bytes) -> str:
    """What tells bundles made with one secret from those made with another."""
    return hmac.new(secret, b"fingerprint", "sha256").hexdigest()[:16]


def _seal_anew(db: sqlite3.Connection, record: tuple[str, str]) -> None:
    """Hold a record to its new words; the same words get the same seal every time."""
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
    (body,) = db.execute(
        "SELECT body FROM content WHERE kind = ? AND record_id = ?", record
    ).fetchone()
    destroy_salts(db, *record)
    db.execute(
        "INSERT OR REPLACE INTO abridgement VALUES ('', ?, ?, ?, ?)",
        (*record, compute_digest(salt, body), salt),
    )
