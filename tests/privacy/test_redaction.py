"""``forget`` removes a name everywhere, leaves every figure as it was, and ``verify`` passes."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from sgtrack.ledger.rollups import find_differences
from sgtrack.model.masking import NameReplacer, Pseudonym
from sgtrack.model.record_kinds import RECORD_KINDS
from sgtrack.privacy.redact_workspace import make_pseudonym
from sgtrack.store import dialect
from sgtrack.store.chain_links import append_records
from sgtrack.store.opening import ledger_at
from sgtrack.store.sqlite import bring_up_to_date, build
from sgtrack.store.sqlite_files import FileConnection, connect
from sgtrack.workspace import Workspace

from ..support.command_line import Run, run_in, status_without_titles
from ..support.ledgers import Ledgers, contents, copied_to_file, copy_workspace, raw, unguarded
from ..support.next_version import next_version

HERE = ("-c", "xianheguan")
NAME = "欧阳钻石"
LONGER = "欧阳钻石花"
STRUCTURE = {
    *("id", "activity_id", "person_id", "evidence_id", "brief_id", "entry_id", "submission"),
    *("replaces", "community", "item", "unit", "kind", "role", "per", "format", "month"),
    *("for_month", "day", "since", "first_day", "last_day", "due", "issued", "recorded_at"),
    *("sha256", "head", "pseudonym", "tag", "content"),
    *("subject", "source", "hash", "chosen", "resolution_id", "decision_id"),
}
"""Text columns that the program fills itself and that never hold a name."""
HASHED = {
    *(
        (table, column)
        for table in ("forgotten", "abridgement")
        for column in ("record_id", "salt")
    ),
    *(("forgotten", "forgetting_id"), ("forgotten", "old_digest"), ("forgotten", "new_digest")),
    *(("abridgement", "merge_id"), ("abridgement", "digest")),
}
"""Ids and digests of rewritten records."""


@pytest.fixture(scope="session")
def named(tmp_path_factory: pytest.TempPathFactory, ledgers: Ledgers) -> Workspace:
    """A workspace with the name in every place that can hold one, a backup and a brief."""
    return ledgers.build_once(tmp_path_factory, "named", name_everywhere)


def name_everywhere(workspace: Workspace) -> None:
    run = run_in(workspace)

    def done(*words: str) -> None:
        ran = run(*words)
        assert ran.code == 0, (words, ran.err)

    files = []
    for n, file in enumerate((f"{NAME}签到表.pdf", f"{NAME}照片.jpg")):
        path = workspace.root.parent / file
        path.write_bytes(f"file {n}".encode())
        files.append(str(path))
    done("people", "add", NAME, LONGER, "工甲", *HERE)
    done("people", "add", NAME, "--role", "志愿者", *HERE)
    done("people", "void", NAME, "--role", "志愿者", "-r", f"{NAME}搬走了", *HERE)
    course = ("--who", f"{NAME}、工甲、{LONGER}", "-t", "课程", "-d", "3-1")
    done("log", "9.1.2", "8学时", *course, *HERE)
    case = ("-t", f"{NAME}个案", "--note", f"{NAME}说好", "-d", "3-2", "-e", *files)
    done("log", "6.8.1", "1个", *case, *HERE)
    visit = ("-t", f"走访{NAME}", "--place", f"{NAME}家", "-d", "3-3")
    done("log", "5.1", "3人次", *visit, *HERE)
    done("log", "7.2.2", "2人", "--who", NAME, "何某某", "-d", "3-4", *HERE)
    done("brief", "--month", "3", "--issue", "--yes", *HERE)
    entries = json.loads(run("list", "--json", *HERE).out)
    ids = {entry["item"]: entry["id"] for entry in entries}
    done("amend", ids["5.1"], "4人次", "-r", f"{NAME}也在")
    done("void", ids["7.2.2"], "-r", f"{NAME}没有注册")
    done("amend", ids["6.8.1"], "--effect", f"{NAME}愿意出门了\n常来活动")
    evidence = next(entry["evidence"][0]["id"] for entry in entries if entry["item"] == "6.8.1")
    done("evidence", "void", evidence, "-r", f"{NAME}看不清")
    backups = workspace.root / "backups"
    backups.mkdir(exist_ok=True)
    copied_to_file(workspace.ledger, backups / "2026-06-30.db")


@pytest.fixture
def full(named: Workspace, workspace: Workspace, ledgers: Ledgers) -> Workspace:
    """A copy of the workspace full of the name, which a test may change."""
    return copy_workspace(named, workspace, ledgers)


def holders(workspace: Workspace, name: str) -> list[str]:
    """The ledgers and journals of the workspace whose raw bytes hold a name."""
    spellings = [name.encode(e) for e in ("utf-8", "utf-16-le")]
    spellings.append(json.dumps(name).strip('"').encode())
    return [
        str(path.relative_to(workspace.root))
        for path in workspace.root.rglob("*")
        if path.is_file()
        and workspace.evidence not in path.parents
        and path.parent not in (workspace.briefs, workspace.reports)
        and any(spelling in path.read_bytes() for spelling in spellings)
    ]


def test_no_byte_of_the_name_is_left_and_every_figure_stands(run: Run, full: Workspace) -> None:
    before, head = (
        status_without_titles(run, "xianheguan"),
        json.loads(run("verify", "--json").out)["head"],
    )
    assert holders(full, NAME)
    copied_to_file(full.ledger, full.root / "copy.db")
    ran = run("forget", NAME, "-r", f"{NAME}要求", "--yes")
    assert ran.code == 0, ran.err
    assert NAME not in ran.out
    copies = (full.root / "backups" / "2026-06-30.db", full.root / "copy.db")
    for place in (full.ledger, *copies):
        left = contents(place).replace(LONGER.encode(), b"")
        assert NAME.encode() not in left, place
    for path in copies:
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert not list(full.root.rglob("*-journal"))
    assert status_without_titles(run, "xianheguan") == before
    verified = run("verify")
    assert verified.code == 0, verified.out
    checked = json.loads(run("verify", "--json").out)
    assert checked["head"] != head
    with raw(full.ledger) as db:
        assert db.execute("SELECT 1 FROM link WHERE hash = ?", (head,)).fetchone()


ALTERED = (
    f"INSERT INTO name_by_month VALUES ('xianheguan', '5.1', '{NAME}', '人', '', '2025-01', 100)",
    f"INSERT INTO title_by_month SELECT community, items, '{NAME}', evidence, '2025-01', "
    "first_day, last_day, 1, 0 FROM title_by_month LIMIT 1",
    "DELETE FROM current_entry WHERE names > 0",
)
"""Changes by another program to derived tables, which no record mentions."""


@pytest.mark.parametrize("sql", ALTERED)
def test_a_name_in_altered_sums_is_forgotten_too(run: Run, full: Workspace, sql: str) -> None:
    before = status_without_titles(run, "xianheguan")
    with raw(full.ledger) as db:
        db.execute(sql)
    ran = run("forget", NAME, "-r", "本人要求", "--yes")
    assert ran.code == 0, ran.err
    assert NAME.encode() not in contents(full.ledger).replace(LONGER.encode(), b"")
    assert status_without_titles(run, "xianheguan") == before
    assert run("verify").code == 0


@pytest.mark.parametrize("sql", ["SELECT 1", *ALTERED])
def test_a_bundle_without_names_has_none_in_any_table(
    run: Run, full: Workspace, tmp_path: Path, sql: str
) -> None:
    with raw(full.ledger) as db:
        db.execute(sql)
    assert run("bundle", "-o", str(tmp_path / "out.zip")).code == 0
    with ZipFile(tmp_path / "out.zip") as packed:
        content = packed.read("ledger.db")
        assert not [name for name in (NAME, "工甲", "何某某") if name.encode() in content]
        packed.extract("ledger.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        assert find_differences(db) == ()


def test_every_place_says_the_same_pseudonym(run: Run, full: Workspace) -> None:
    said = run("forget", NAME, "-r", "本人要求", "--yes").out
    found = re.search(r"换成 (居民[0-9A-F]{4})", said)
    assert found is not None
    words = found[1]
    with raw(full.ledger) as db:
        for sql in (
            "SELECT 1 FROM participant WHERE name = :n",
            "SELECT 1 FROM person WHERE name = :n",
            "SELECT 1 FROM activity WHERE title = '走访' || :n AND place = :n || '家'",
            "SELECT 1 FROM activity WHERE note = :n || '说好' AND command LIKE '%' || :n || '%'",
            "SELECT 1 FROM activity WHERE reason = :n || '也在'",
            "SELECT 1 FROM void WHERE reason = :n || '没有注册'",
            "SELECT 1 FROM person_void WHERE reason = :n || '搬走了'",
            "SELECT 1 FROM annotation WHERE text LIKE :n || '愿意出门了_常来活动'",
            "SELECT 1 FROM evidence WHERE name = :n || '签到表.pdf'",
            "SELECT 1 FROM evidence_void WHERE reason = :n || '看不清'",
            "SELECT 1 FROM forgetting WHERE command LIKE '%forget ' || :n || ' %'",
        ):
            assert db.execute(sql, {"n": words}).fetchone(), sql
        assert db.execute("SELECT 1 FROM person WHERE name = ?", (LONGER,)).fetchone()
    run("people", "add", NAME, "-c", "sanli")
    again = run("forget", NAME, "-r", "又登记了", "--yes").out
    assert f"换成 {words}" in again
    assert run("verify").code == 0


def test_two_names_in_one_record_are_forgotten_one_after_the_other(
    run: Run, full: Workspace
) -> None:
    for name in (NAME, LONGER, "何某某"):
        assert run("forget", name, "-r", "服务结束", "--yes").code == 0
        assert run("verify").code == 0
    with raw(full.ledger) as db:
        assert db.execute("SELECT count(DISTINCT name) FROM participant").fetchone() == (4,)
        twice = db.execute(
            "SELECT record_id FROM forgotten GROUP BY kind, record_id HAVING count(*) > 1"
        ).fetchall()
        assert twice
        open_salts = db.execute(
            "SELECT count(*) FROM forgotten AS f WHERE salt <> '' AND EXISTS (SELECT 1 FROM "
            "forgotten AS g WHERE g.kind = f.kind AND g.record_id = f.record_id "
            "AND g.forgetting_id > f.forgetting_id)"
        ).fetchone()
        assert open_salts == (0,)
    assert holders(full, NAME) == []


def test_the_old_digests_can_no_longer_be_tried(run: Run, full: Workspace) -> None:
    with raw(full.ledger) as db:
        salts = {row[0] for row in db.execute("SELECT salt FROM link")}
    run("forget", NAME, "-r", "本人要求", "--yes")
    with raw(full.ledger) as db:
        touched = db.execute(
            "SELECT l.salt FROM link AS l JOIN forgotten AS f USING (kind, record_id)"
        ).fetchall()
        kept = {row[0] for row in db.execute("SELECT salt FROM link")} - {""}
    assert touched
    assert {row[0] for row in touched} == {""}
    gone = salts - kept
    assert len(gone) == len(touched)
    content = contents(full.ledger)
    assert not [salt for salt in gone if salt.encode() in content]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE amount SET hundredths = hundredths + 100",
        "UPDATE activity SET title = title || '。' WHERE id IN (SELECT record_id FROM forgotten)",
        "UPDATE forgotten SET new_digest = old_digest",
        "UPDATE forgotten SET old_digest = new_digest",
        "UPDATE forgotten SET salt = ''",
        "DELETE FROM forgotten WHERE record_id = (SELECT min(record_id) FROM forgotten)",
        "UPDATE forgetting SET reason = '别的'",
        f"UPDATE link SET salt = '{'ab' * 16}' WHERE salt = ''",
        "DELETE FROM forgetting",
    ],
)
def test_verify_finds_changes_that_no_redaction_announces(
    run: Run, full: Workspace, tampering: str
) -> None:
    run("forget", NAME, "-r", "本人要求", "--yes")
    with unguarded(full.ledger) as db:
        assert db.execute(tampering).rowcount
    assert run("verify").code == 1


def test_the_triggers_are_restored_and_were_lifted_for_no_other_process(
    run: Run, full: Workspace
) -> None:
    run("forget", NAME, "-r", "本人要求", "--yes")
    with raw(full.ledger) as db:
        assert dialect.read_schema(db) == ledger_at(full.ledger).expected_schema()
        for table in ("activity", "participant", "link", "forgotten", "forgetting"):
            with pytest.raises(dialect.integrity_error(db)):
                db.execute(f"DELETE FROM {table}")


def test_what_fails_halfway_leaves_everything_as_it_was(
    run: Run, full: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(full.ledger)

    def broken(*_: object) -> None:
        raise AssertionError("broken")

    monkeypatch.setattr("sgtrack.ledger.redaction._check_result", broken)
    assert run("forget", NAME, "-r", "本人要求", "--yes").code == 1
    assert contents(full.ledger) == before


@pytest.mark.about_the_file("its disk is full")
@pytest.mark.parametrize("more", [0, 1, 20])
def test_a_full_disk_is_refused_plainly_and_forgetting_can_be_repeated(
    run: Run, full: Workspace, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    def small(path: Path, **options: bool) -> FileConnection:
        db = connect(path, **options)
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages + more}")  # what SQLite calls a full disk
        return db

    with monkeypatch.context() as patched:
        patched.setattr("sgtrack.store.sqlite_files.connect", small)
        assert "程序出了错" not in (err := run("forget", NAME, "-r", "本人要求", "--yes").err)
        assert "rollback" not in err
    assert run("verify").code == 0
    run("forget", NAME, "-r", "本人要求", "--yes")
    assert NAME.encode() not in contents(full.ledger).replace(LONGER.encode(), b"")


@pytest.mark.about_the_file("its disk is full")
def test_where_what_was_freed_cannot_be_cleared_it_does_not_say_that_nothing_was_written(
    run: Run, full: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(FileConnection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if sql == "VACUUM":
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *values)

    with monkeypatch.context() as patched:
        patched.setattr("sgtrack.store.sqlite_files.FileConnection", Full)
        ran = run("forget", NAME, "-r", "本人要求", "--yes")
    assert (ran.code, "姓名已经换掉" in ran.err, "没有写入" in ran.err) == (1, True, False)
    assert run("forget", NAME, "-r", "本人要求", "--yes").code == 0
    assert NAME.encode() not in contents(full.ledger).replace(LONGER.encode(), b"")


def test_a_trial_changes_nothing(run: Run, full: Workspace) -> None:
    before = contents(full.ledger), {p: p.read_bytes() for p in full.root.rglob("*.db")}
    ran = run("forget", NAME, "-r", "本人要求", "--dry-run")
    assert "会改" in ran.out
    assert not (full.root / "forget.key").exists()
    after = contents(full.ledger), {p: p.read_bytes() for p in full.root.rglob("*.db")}
    assert after == before


def test_an_altered_ledger_is_not_forgotten_in(run: Run, full: Workspace) -> None:
    with unguarded(full.ledger) as db:
        db.execute("UPDATE amount SET hundredths = hundredths + 100")
    ran = run("forget", NAME, "-r", "本人要求", "--yes")
    assert (ran.code, "改动过" in ran.err) == (1, True)


def test_a_backup_of_an_older_version_is_rewritten_too(
    run: Run, full: Workspace, tmp_path: Path
) -> None:
    old = full.root / "backups" / "old.db"
    first_version(old)
    moment = old.stat().st_mtime_ns
    with next_version(tmp_path / "schema"):
        assert run("forget", NAME, "-r", "本人要求", "--yes").code == 0
    assert NAME.encode() not in old.read_bytes()
    assert old.stat().st_mtime_ns == moment


def first_version(old: Path) -> None:
    """A ledger of the first schema with the name in it."""
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        build(db, 1)
        db.execute(
            "INSERT INTO person VALUES (?, 'sanli', ?, '志愿者', '2026-01-01', "
            "'2026-01-01T09:00:00+08:00', '', '')",
            ("01J00000000000000000000001", NAME),
        )
        append_records(db, "person", "01J00000000000000000000001")


@pytest.mark.about_the_file("an upgrade is not copied before")
def test_the_copy_made_before_an_upgrade_is_rewritten_too(
    run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    first_version(workspace.ledger_file)
    with next_version(tmp_path / "schema"):
        assert run("forget", NAME, "-r", "本人要求", "--yes").code == 0
        assert [path for path in workspace.backups.iterdir() if "migration" in path.name]
        assert holders(workspace, NAME) == []
        assert run("verify").code == 0


def test_a_broken_backup_is_named_and_the_rest_is_done(run: Run, full: Workspace) -> None:
    broken = full.root / "backups" / "broken.db"
    content = (full.root / "backups" / "2026-06-30.db").read_bytes()
    broken.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    ran = run("forget", NAME, "-r", "本人要求", "--yes")
    assert ran.code == 1
    assert "broken.db" in ran.out
    assert NAME.encode() not in contents(full.ledger).replace(LONGER.encode(), b"")


def test_files_that_hold_the_name_are_listed_without_it(run: Run, full: Workspace) -> None:
    full.reports.mkdir()
    (full.reports / f"{NAME}.txt").write_text(NAME, encoding="gb18030")
    run("people", "training", "--with-names", "-o", str(full.reports / "记录.docx"), *HERE)
    ran = run("forget", NAME, "-r", "本人要求", "--yes")
    assert str(Path("reports/某.txt")) in ran.out
    assert "记录.docx" in ran.out
    assert "材料编号" in ran.out
    assert NAME not in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((NAME, "--yes"), "没有写隐去的原因"),
        ((NAME, "-r", "要求"), "尚未确认"),
        (("甲", "-r", "要求", "--yes"), "至少两个字"),
        (("社区工作者", "-r", "要求", "--yes"), "合同里的词"),
    ],
)
def test_what_is_no_name_or_not_meant_is_refused(
    run: Run, full: Workspace, words: tuple[str, ...], said: str
) -> None:
    before = contents(full.ledger)
    ran = run("forget", *words)
    assert (ran.code, said in ran.err) == (1, True)
    assert contents(full.ledger) == before


def test_every_column_is_known_to_hold_words_or_not(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    bring_up_to_date(path)
    parts = {part.table: part for kind in RECORD_KINDS.values() for part in kind.tables}
    with closing(sqlite3.connect(path)) as db:
        texts = {
            (table, row[1])
            for table in parts
            for row in db.execute(f"PRAGMA table_info({table})")
            if row[2] == "TEXT"
        }
    words = {(table, column) for table, part in parts.items() for column in part.words}
    assert words <= texts
    unsorted = {(table, column) for table, column in texts - words if column not in STRUCTURE}
    assert unsorted == HASHED, "say in model/record_kinds.py, or here, whether it can hold a name"


def test_pseudonyms_are_stable_secret_and_apart() -> None:
    secret = b"s" * 32
    taken: dict[str, str] = {}
    for n in range(3000):
        made = make_pseudonym(f"人{n}", secret, taken)
        assert make_pseudonym(f"人{n}", secret, taken) == made
        assert made.words not in taken
        taken[made.words] = made.tag
    assert make_pseudonym("人1", b"t" * 32, {}) != make_pseudonym("人1", secret, {})
    assert len(Pseudonym("居民A7F3", "0" * 32).words) == 6


@pytest.mark.parametrize(
    ("name", "text", "becomes"),
    [
        ("张三", "走访张三家", "走访居民0家"),
        ("张三", "张三丰和张三", "张三丰和居民0"),
        ("O'Brien", "sgtrack log --who 'O'\"'\"'Brien'", "sgtrack log --who '居民0'"),
        ("John Smith", "走访 John  Smith", "走访 居民0"),
        ("José", "Jose\u0301 来了", "居民0 来了"),
        ("张三", "李四", "李四"),
    ],
)
def test_a_name_is_found_as_people_write_it(name: str, text: str, becomes: str) -> None:
    assert NameReplacer(name, "居民0", ("张三丰", name)).text(text) == becomes


@pytest.mark.parametrize("broken", ["欧阳\t明好", "欧阳\u200e明好", "入户后欧\n阳明会用手机"])
def test_a_name_that_a_sign_parts_is_forgotten_everywhere(
    workspace: Workspace, run: Run, broken: str
) -> None:
    here = ("-c", "sanli")
    assert run("log", "5.1", "1人次", "-d", "6-1", "--who", "欧阳明", *here).code == 0
    assert run("log", "5.1", "1人次", "-d", "6-2", "--effect", broken, *here).code == 0
    assert run("forget", "欧阳明", "--yes", "-r", "要求").code == 0
    whole = "".join(contents(workspace.ledger).decode("utf-8", "replace").split())
    assert "欧阳明" not in whole.replace("\u200e", "")
    assert "欧阳" not in whole
