"""Nothing that comes from another ledger or a bundle is trusted."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from itertools import cycle
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

import make_schema
from sgtrack.evidence.evidence_store import path_in
from sgtrack.ledger.redaction import redact_name
from sgtrack.merging.name_differences import have_one_origin
from sgtrack.model.entries import Origin
from sgtrack.model.masking import Pseudonym
from sgtrack.model.record_kinds import RECORD_KINDS
from sgtrack.store.chain_links import append_records

from ..support.column_values import WRONG_VALUES
from ..support.ledgers import contents
from .conftest import NAME, Laptop, Laptops

ORIGIN = Origin(datetime.fromisoformat("2026-06-30T09:00:00+08:00"), "officer", "sgtrack …")
TABLES = [part.table for kind in RECORD_KINDS.values() for part in kind.tables]


def without_guards(path: Path) -> sqlite3.Connection:
    """A connection of another program, which evades the triggers and the CHECKs."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA ignore_check_constraints = ON")
    return db


def test_no_wrong_value_comes_in(laptop: Laptops, north: Laptop, tmp_path: Path) -> None:
    county = laptop("county")
    north("bundle", "-o", str(tmp_path / "north.zip"))
    county("merge", str(tmp_path / "north.zip"))
    before = contents(county.workspace.ledger)
    choices = {meaning: cycle(values) for meaning, values in WRONG_VALUES.items()}
    tried = 0
    for table in TABLES:
        for column, meaning in make_schema.column_meanings(table).items():
            copy = tmp_path / "altered.db"
            shutil.copyfile(tmp_path / "north" / "ledger.db", copy)
            with closing(without_guards(copy)) as db:
                guards = f"name IN ('{table}_is_not_updated', '{table}_is_not_replaced')"
                kept = db.execute(f"SELECT name, sql FROM sqlite_schema WHERE {guards}").fetchall()
                for name, _ in kept:
                    db.execute(f"DROP TRIGGER {name}")
                value = next(choices[meaning])
                row = f"rowid = (SELECT max(rowid) FROM {table})"
                changed = db.execute(f"UPDATE {table} SET {column} = ? WHERE {row}", (value,))
                for _, sql in kept:
                    db.execute(sql)
            if not changed.rowcount:
                continue
            tried += 1
            refused = county("merge", str(copy), code=1).err
            assert "改动过：CHECK constraint failed" in refused, (table, column, value)
    assert tried > 50
    assert contents(county.workspace.ledger) == before


def test_an_id_that_leaves_no_greater_ids_is_refused(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    forged = tmp_path / "forged.db"
    shutil.copyfile(tmp_path / "north" / "ledger.db", forged)
    newest = "7ZZZZZZZZYZZZZZZZZZZZZZZZZ"
    with closing(sqlite3.connect(forged, isolation_level=None)) as db:
        db.execute(
            "INSERT INTO person SELECT ?, community, '乙', role, since, recorded_at, recorded_by, "
            "command FROM person LIMIT 1",
            (newest,),
        )
        append_records(db, "person", newest)
    refused = laptop("county")("merge", str(forged), code=1).err
    assert "编号比登记的时间晚" in refused


def test_nobody_leaves_before_the_first_day(laptop: Laptops, north: Laptop, tmp_path: Path) -> None:
    forged = tmp_path / "forged.db"
    shutil.copyfile(tmp_path / "north" / "ledger.db", forged)
    with closing(sqlite3.connect(forged, isolation_level=None)) as db:
        (newest,) = db.execute("SELECT max(id) FROM person").fetchone()
        left = newest[:-1] + ("1" if newest[-1] == "0" else "0")
        db.execute(
            "INSERT INTO person_leave SELECT ?, id, '1900-01-01', recorded_at, recorded_by, "
            "command FROM person WHERE id = ?",
            (left, newest),
        )
        append_records(db, "person_leave", left)
    assert "离开的日子在来的日子以前" in laptop("county")("merge", str(forged), code=1).err


@pytest.mark.parametrize("member", ["ledger.db", "bundle.json"])
def test_a_bundle_unpacks_to_no_more_than_a_ledger(
    laptop: Laptops, north: Laptop, tmp_path: Path, member: str
) -> None:
    good, bomb = tmp_path / "good.zip", tmp_path / "bomb.zip"
    north("bundle", "-o", str(good))
    with ZipFile(good) as archive, ZipFile(bomb, "w", ZIP_DEFLATED) as packed:
        for name in archive.namelist():
            with packed.open(name, "w") as target:
                target.write(archive.read(name))
                if name == member:
                    for _ in range(100):
                        target.write(b" " * 1_000_000)
    assert bomb.stat().st_size < 1_000_000
    county = laptop("county")
    assert "不是 sgtrack 的合并包，或已经损坏" in county("merge", str(bomb), code=1).err
    assert not [path for path in county.workspace.root.rglob("*.db") if "bundle" in path.name]


def test_evidence_that_was_packed_is_refused(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    good, bomb = tmp_path / "good.zip", tmp_path / "bomb.zip"
    north("bundle", "-o", str(good), "--with-evidence")
    with ZipFile(good) as archive, ZipFile(bomb, "w", ZIP_DEFLATED) as packed:
        for name in archive.namelist():
            content = archive.read(name)
            packed.writestr(name, content if "/" not in name else b"0" * 50_000_000)
    assert "佐证材料不是 sgtrack 打包的" in laptop("county")("merge", str(bomb), code=1).err


@pytest.mark.parametrize(
    "digest",
    ["/etc/passwd".rjust(64, "/"), "../" * 20 + "abcd", "A" * 64, "", "0" * 63, "0\n" * 32],
)
def test_a_path_is_made_only_from_a_digest(tmp_path: Path, digest: str) -> None:
    with pytest.raises(FileNotFoundError):
        path_in(tmp_path, digest)


def test_the_ledger_is_backed_up_before_each_merge(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    south = laptop("south")
    south("log", "5.1", "7人次", "-d", "3-5", "-t", "南街")
    for n in (1, 2):
        before = json.loads(south("list", "--all", "--json").out)
        north("log", "5.1", "1人次", "-d", f"3-{n + 10}", "-t", "新的")
        south("merge", str(tmp_path / "north"))
        backups = json.loads(south("backup", "list", "--json").out)
        names = sorted(one["name"] for one in backups if one["name"].find("-merge") > 0)
        assert len(names) == 2 * n - 1
        south("restore", names[-1], "--yes")
        assert json.loads(south("list", "--all", "--json").out) == before
        south("merge", str(tmp_path / "north"))
    dry = south("merge", str(tmp_path / "north"), "--dry-run")
    assert "试算" in dry.out


def test_a_redaction_elsewhere_leaves_own_records_unchanged_and_is_told(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    south = laptop("south")
    south("merge", str(tmp_path / "north"))
    south("forget", NAME, "-r", "本人要求", "--yes")
    before = json.loads(north("list", "--json", "--with-names").out)
    told = north("merge", str(tmp_path / "south")).out
    assert "这里记的，没有改" in told
    assert json.loads(north("list", "--json", "--with-names").out) == before
    assert "台账完好" in north("verify").out
    # Where neither ledger wrote the record, the redaction is followed in any order.
    for name, order in (("county", ("north", "south")), ("east", ("south", "north"))):
        third = laptop(name)
        for source in order:
            third("merge", str(tmp_path / source))
        assert NAME.encode() not in contents(third.workspace.ledger)
        assert "台账完好" in third("verify").out
    north("forget", NAME, "-r", "本人要求", "--yes")
    assert NAME.encode() not in contents(north.workspace.ledger)
    assert "台账完好" in north("verify").out


def test_a_redaction_that_changes_another_text_is_refused(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    south, county = laptop("south"), laptop("county")
    for one in (south, county):
        one("merge", str(tmp_path / "north"))
    # It renames a person instead of hiding one.
    redact_name(south.workspace.ledger, NAME, Pseudonym("王五一", "0" * 32), ORIGIN, "要求")
    before = contents(county.workspace.ledger)
    assert "借隐去姓名改了别的内容" in county("merge", str(tmp_path / "south"), code=1).err
    assert contents(county.workspace.ledger) == before


@pytest.mark.parametrize(
    ("text", "other", "fits"),
    [
        ("走访张小花和李大山", "走访居民00AA和李大山", True),
        ("走访张小花和居民BBBB", "走访居民00AA和李大山", True),
        ("走访张小花", "慰问居民00AA", False),
        ("走访张小花3人", "走访居民00AA9个", False),
        ("走访" + "花" * 41, "走访居民00AA", False),
        ("走访张小花", "（姓名已隐去）", True),
        ("走访张小花", "", False),
        ("居民00AA居民BBBB", "居民CCCC居民DDDD", True),
    ],
)
def test_two_versions_have_one_origin(text: str, other: str, fits: bool) -> None:
    assert have_one_origin(text, other) is fits
    assert have_one_origin(other, text) is fits


def test_a_replacement_does_not_become_a_name_again() -> None:
    assert not have_one_origin("走访居民00AA", "走访张小花", either=False)
    assert have_one_origin("走访居民00AA", "走访居民BBBB", either=False)


def test_a_name_that_was_redacted_here_and_comes_back_is_told(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    south = laptop("south")
    south("log", "7.2.2", "1人", "--who", NAME, "-d", "3-9", "-t", "南街招募")
    north("forget", NAME, "-r", "本人要求", "--yes")
    tried = north("merge", str(tmp_path / "south"), "--dry-run").out
    told = north("merge", str(tmp_path / "south")).out
    assert "1 个在这里隐去过的姓名" in told
    assert NAME not in told + tried
    north("forget", NAME, "-r", "本人要求", "--yes")
    assert NAME.encode() not in contents(north.workspace.ledger)
    assert "隐去过的姓名又" not in north("merge", str(tmp_path / "south")).out
