"""The use case of ``forget``: replace a name with a pseudonym in the ledger and its backups."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.entry.text_cleaning import clean_name, clean_reason
from sgtrack.ledger.known_people import read_names
from sgtrack.ledger.redaction import RedactionCounts
from sgtrack.model.entries import Entry, Evidence
from sgtrack.model.errors import Refused
from sgtrack.model.location import Location
from sgtrack.model.masking import NameMasker
from sgtrack.model.name_forms import SHORTEST
from sgtrack.privacy.redact_workspace import redact_workspace
from sgtrack.scratch import remove_viewed
from sgtrack.store.opening import ledger_exists
from sgtrack.targets.loading import load_folder


@dataclass(frozen=True, slots=True)
class ForgetResult:
    """The result of ``forget``, or of its dry run; paths are relative to the workspace.

    Fields that need an explanation:
        ledgers: the ledger and the backups; each path is followed by the number of redacted
            records. The path of the ledger is empty.
        failed: backups that cannot be rewritten, each with the reason.
        mentioning: other files that contain the name; names in their paths are masked.
        encrypted: files that cannot be searched.
        evidence: pairs of an entry that mentions the name and a piece of its evidence.
    """

    pseudonym: str
    ledgers: tuple[tuple[str, RedactionCounts], ...]
    failed: tuple[tuple[str, str], ...]
    mentioning: tuple[str, ...]
    encrypted: tuple[str, ...]
    evidence: tuple[tuple[Entry, Evidence], ...]


def check_forget_request(context: AppContext, name: str, reason: str) -> tuple[str, str]:
    """Check a typed name and reason, and return them cleaned.

    Raises:
        Refused: the reason or the ledger is missing, the name is too short, or the name is a word
            in a contract.
    """
    name, reason = clean_name(name), clean_reason(reason, "隐去", "本人要求")
    if len(name) < SHORTEST:
        raise Refused("姓名至少两个字", "只有一个字的会和别的词混淆，用 sgtrack amend 更正")
    if not ledger_exists(context.workspace.ledger):
        raise Refused("还没有台账", "先用 sgtrack log 记活动")
    masker = NameMasker([name], load_folder(context.workspace.targets).projects)
    if masker.text(name) == name:
        raise Refused("这是合同里的词，不是姓名", "写人的全名")
    return name, reason


def forget_name(context: AppContext, name: str, reason: str, *, dry_run: bool) -> ForgetResult:
    """Replace a name with a pseudonym in the ledger and its backups.

    With ``dry_run`` only return what would change.

    Raises:
        Refused: the ledger cannot be rewritten; nothing was changed.
    """

    def relative(path: Location) -> str:
        return str(path.relative_to(context.workspace.root)) if isinstance(path, Path) else ""

    if not dry_run:
        remove_viewed(context.workspace.root)  # file names of evidence can contain the name
    changes = redact_workspace(context.workspace, name, context.origin(), reason, dry_run=dry_run)
    mentioning: tuple[str, ...] = ()
    if changes.mentioning:
        with context.snapshot() as snapshot:
            masker = NameMasker([name, *read_names(snapshot.db)])
        mentioning = tuple(masker.text(relative(path)) for path in changes.mentioning)
    return ForgetResult(
        pseudonym=changes.pseudonym.words,
        ledgers=tuple(
            ("" if path == context.workspace.ledger else relative(path), counts)
            for path, counts in changes.ledgers
        ),
        failed=tuple((relative(path), reason) for path, reason in changes.failed),
        mentioning=mentioning,
        encrypted=tuple(relative(path) for path in changes.sealed),
        evidence=changes.pictured,
    )
