"""From kept files to evidence of an activity, with a word on files that are used twice."""

from __future__ import annotations

from sgtrack.entry.text_cleaning import clean
from sgtrack.evidence.evidence_kinds import guess, known_kinds
from sgtrack.evidence.evidence_store import Kept
from sgtrack.ledger.entry_reads import read_lineage
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, Evidence, short_id
from sgtrack.model.errors import Refused
from sgtrack.store.connection import Connection


def as_evidence(
    kept: tuple[Kept, ...], needs: tuple[str, ...], kind: str | None = None
) -> tuple[Evidence, ...]:
    """Files as evidence, each content once, of the given kind or of the one their names tell."""
    found = [
        Evidence("", one.sha256, one.size, one.name, kind or guess(one.name, needs)) for one in kept
    ]
    return tuple({(one.sha256, one.kind): one for one in found}.values())


def check_kind(project: Project, typed: str | None) -> str | None:
    """The kind that was written, as it is known.

    Raises:
        Refused: no evidence is of such a kind.
    """
    if typed is None:
        return None
    known = known_kinds(project)
    kind = clean(typed, "种类", 20)
    fitting = [one for one in known if one == kind] or [one for one in known if kind in one]
    if not kind or len(fitting) != 1:
        raise Refused(f"没有佐证材料“{typed}”", f"可用的种类：{'、'.join(known)}")
    return fitting[0]


def refuse_known(entry: Entry, evidence: tuple[Evidence, ...]) -> None:
    """Refuse a file that the entry has already, as the same thing.

    Raises:
        Refused: it has one of them.
    """
    known = {(one.sha256, one.kind) for one in entry.evidence}
    for one in evidence:
        if (one.sha256, one.kind) in known:
            raise Refused(
                f"“{one.name}”已经是 {short_id(entry.id)} 的{one.kind}",
                "不用再加；要改种类用 --as，去掉用 sgtrack evidence void",
            )


def warn_of_twins(db: Connection, entry: Entry) -> list[str]:
    """What to say of files that already prove another activity; evaluators look for these."""
    own = read_lineage(db, entry.id)
    said = []
    for evidence in entry.evidence:
        for other, day, item, title in db.execute(
            "SELECT a.id, a.day, a.item, a.title FROM evidence AS e "
            "JOIN activity AS a ON a.id = e.activity_id WHERE e.sha256 = ? "
            "AND NOT EXISTS (SELECT 1 FROM evidence_void AS v WHERE v.evidence_id = e.id) "
            "AND NOT EXISTS (SELECT 1 FROM void AS v WHERE v.activity_id = a.id) ORDER BY a.id",
            (evidence.sha256,),
        ):
            if other not in own:
                said.append(
                    f"文件“{evidence.name}”已经是 {day} {item} {title}（{short_id(other)}）的佐证；"
                    "一个文件只应证明一次活动"
                )
    return list(dict.fromkeys(said))
