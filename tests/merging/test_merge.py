"""Merging laptops and bundles into one ledger: what is copied, conflicts, refusals."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from sgtrack.ledger import rollups
from sgtrack.recovery.recover import recover
from sgtrack.store.opening import ledger_exists

from ..support.command_line import status_without_titles
from ..support.ledgers import contents, raw, unguarded
from ..support.next_version import next_version
from .conftest import NAME, OTHER_NAME, Laptop, Laptops


def entry(run: Laptop, item: str) -> str:
    """The id of the one entry of an item that counts."""
    (found,) = [one["id"] for one in json.loads(run("list", "--json").out) if one["item"] == item]
    return str(found)


def test_everything_comes_along_and_nothing_twice(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    county = laptop("county")
    source = tmp_path / "north" / "ledger.db"
    before = source.read_bytes()
    tried = county("merge", str(tmp_path / "north"), "--dry-run").out
    assert "试算" in tried
    assert not ledger_exists(county.workspace.ledger)
    said = county("merge", str(source)).out
    for part in (
        "活动记录 3 条",
        "名册 1 条",
        "佐证材料 3 条",
        "已发出的简报 1 条",
        "佐证文件 3 个",
    ):
        assert part in said
    assert source.read_bytes() == before
    assert status_without_titles(county, "sanli") == status_without_titles(north, "sanli")
    merged = contents(county.workspace.ledger)
    assert "没有新的" in county("merge", str(source), str(source)).out
    assert contents(county.workspace.ledger) == merged
    assert "台账完好" in county("verify").out
    assert json.loads(county("brief", "list", "--json").out)[0]["month"] == "2026-03"


def test_merged_units_keep_their_order(laptop: Laptops, north: Laptop, tmp_path: Path) -> None:
    """This holds if the ledger has some of the units already, too."""
    county = laptop("county")
    county("merge", str(tmp_path / "north"))
    north("log", "7.3.1", "30人次", "-d", "3-3", "-t", "宣讲")
    county("merge", str(tmp_path / "north"))
    assert "1场、30人次" in north("list").out
    assert county("list").out == north("list").out


def test_a_bundle_has_no_names_and_counts_the_same(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    north("log", "7.2.2", "1人", "--who", NAME, "-d", "3-5", "-t", "又来一次")
    bundle = tmp_path / "north.zip"
    said = north("bundle", "-o", str(bundle)).out
    assert "3 个姓名换成了代号" in said
    with ZipFile(bundle) as packed:
        content = b"".join(packed.read(one) for one in packed.namelist())
        assert json.loads(packed.read("bundle.json"))["names"] is False
    for name in (NAME, OTHER_NAME, "工甲甲"):
        assert name.encode() not in content
    county = laptop("county")
    county("merge", str(bundle))
    assert status_without_titles(county, "sanli") == status_without_titles(north, "sanli")
    assert "3 个文件没有一起来" in county("verify").out
    with raw(county.workspace.ledger) as db:
        assert db.execute("SELECT count(DISTINCT name) FROM participant").fetchone() == (2,)
        kept = {row[0] for row in db.execute("SELECT hash FROM link")}
        with closing(sqlite3.connect(tmp_path / "north" / "ledger.db")) as source:
            assert kept >= {row[0] for row in source.execute("SELECT hash FROM link")}
        # Without the salt no guess at a name can be held against the chain.
        opened = db.execute(
            "SELECT count(*) FROM link AS l JOIN abridgement AS a USING (kind, record_id) "
            "WHERE l.salt <> ''"
        ).fetchone()
        assert opened == (0,)
    again = tmp_path / "again.zip"
    north("bundle", "-o", str(again))
    assert "没有新的" in county("merge", str(again)).out


def test_names_can_be_merged_later_and_redacted(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    county, bundle = laptop("county"), tmp_path / "north.zip"
    north("bundle", "-o", str(bundle))
    county("merge", str(bundle))
    named = tmp_path / "named.zip"
    assert "含姓名" in north("bundle", "-o", str(named), "--with-names", "--with-evidence").out
    shutil.copyfile(tmp_path / "north" / "ledger.db", tmp_path / "before.db")
    assert "佐证文件 3 个" in county("merge", str(named)).out
    item = entry(county, "7.2.2")
    shown = json.loads(county("show", item, "--json", "--with-names").out)
    assert shown["names"] == [NAME, OTHER_NAME]
    north("forget", NAME, "-r", "本人要求", "--yes")
    assert "姓名有变的记录" in county("merge", str(tmp_path / "north")).out
    county("merge", str(tmp_path / "before.db"), str(named), str(bundle))
    assert NAME.encode() not in contents(county.workspace.ledger)
    assert "台账完好" in county("verify").out
    assert status_without_titles(county, "sanli") == status_without_titles(north, "sanli")


def test_two_corrections_are_a_conflict_until_one_is_chosen(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    south = laptop("south")
    south("merge", str(tmp_path / "north"))
    item = entry(north, "5.1")
    north("amend", item, "4人次", "-r", "多一人")
    south("amend", item, "9人次", "-r", "写错了")
    said = north("merge", str(tmp_path / "south")).out
    assert "不一致 1 处" in said
    south("merge", str(tmp_path / "north"))
    assert status_without_titles(north, "sanli") == status_without_titles(south, "sanli")
    first, later = json.loads(north("resolve", "--json").out)["conflicts"][0]["corrections"]
    counting = [one for one in json.loads(north("list", "--json").out) if one["item"] == "5.1"]
    assert [(one["id"], one["amounts"]) for one in counting] == [(first, {"人次": 4})]
    assert "resolve" in north("status").out
    assert f"和 {first[-6:]} 冲突，未计数" in north("list", "--all").out
    assert "几台电脑的更正不一致" in north("check", code=1).out
    assert "冲突" in north("amend", later, "8人次", "-r", "再改", code=1).err
    north("resolve", later[-6:], "-r", "签到表核对过")
    assert json.loads(north("resolve", "--json").out)["conflicts"] == []
    counting = [one for one in json.loads(north("list", "--json").out) if one["item"] == "5.1"]
    assert [one["amounts"] for one in counting] == [{"人次": 9}]
    assert "没有冲突" not in south("resolve").out
    south("merge", str(tmp_path / "north"))
    assert "没有冲突" in south("resolve").out
    assert status_without_titles(north, "sanli") == status_without_titles(south, "sanli")
    assert "台账完好" in south("verify").out


def test_a_correction_and_a_void_are_a_conflict(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    south = laptop("south")
    south("merge", str(tmp_path / "north"))
    item = entry(north, "5.1")
    north("void", item, "-r", "没有去")
    south("amend", item, "9人次", "-r", "写错了")
    north("merge", str(tmp_path / "south"))
    (found,) = json.loads(north("resolve", "--json").out)["conflicts"]
    assert found["counts"] == found["voids"][0]
    assert "5.1" not in {one["item"] for one in json.loads(north("list", "--json").out)}
    north("resolve", found["corrections"][0], "-r", "去了的")
    assert json.loads(north("show", item, "--json").out)["voided"] is False
    assert entry(north, "5.1") == found["corrections"][0]


def test_the_same_month_issued_twice_and_the_same_activity_entered_twice_are_named(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    south = laptop("south")
    south("log", "5.1", "3人次", "-d", "3-2", "-t", "走访")
    south("log", "5.1", "5人次", "-d", "3-3", "-t", "独有")
    south("brief", "-m", "3", "--issue", "--yes", "--format", "md")
    said = north("merge", str(tmp_path / "south")).out
    assert "同一个月在几台电脑上都发出了简报 1 期" in said
    found = {one["topic"] for one in json.loads(north("check", "--json", code=1).out)}
    assert {"issued_twice", "entered_twice"} <= found
    assert len(json.loads(north("brief", "list", "--json").out)) == 1
    north("brief", "-m", "4", "--format", "md")
    told = (tmp_path / "north" / "briefs" / "sanli-2026-04.md").read_text(encoding="utf-8")
    assert "独有" in told


def test_a_copy_that_went_on_for_itself_keeps_its_branch(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    copy = laptop("copy")
    shutil.copyfile(tmp_path / "north" / "ledger.db", tmp_path / "copy" / "ledger.db")
    shutil.copyfile(tmp_path / "north" / "ledger.db", tmp_path / "old.db")
    north("log", "5.1", "1人次", "-d", "4-1", "-t", "甲")
    copy("log", "5.1", "2人次", "-d", "4-2", "-t", "乙")
    assert "各自记的" in north("merge", str(tmp_path / "copy")).out
    assert "早于已合并的一份" in north("merge", str(tmp_path / "old.db")).out
    copy("merge", str(tmp_path / "north"))
    assert status_without_titles(north, "sanli") == status_without_titles(copy, "sanli")
    north("log", "5.1", "3人次", "-d", "4-3", "-t", "丙")
    assert "活动记录 1 条" in copy("merge", str(tmp_path / "north")).out
    for run in (north, copy):
        assert "台账完好" in run("verify").out


def test_a_community_without_a_target_file_is_taken_and_named(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    county = laptop("county")
    (tmp_path / "county" / "targets" / "sanli.yaml").unlink()
    (tmp_path / "county" / "sgtrack.toml").unlink()
    assert "社区 sanli 没有目标文件" in county("merge", str(tmp_path / "north")).out
    assert "社区 sanli 有 3 条记录，没有目标文件" in county("check", code=1).out


def test_a_ledger_of_an_older_version_is_upgraded_in_a_copy(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    old = north.workspace.ledger_file
    before = old.read_bytes()
    county = laptop("county")
    with next_version(tmp_path / "schema"):
        assert "活动记录 3 条" in county("merge", str(old)).out
        assert old.read_bytes() == before
        assert "没有新的" in county("merge", str(old)).out
        north("log", "5.1", "3人次", "-d", "5-1", "-t", "升级以后")
        said = county("merge", str(old)).out
        assert "活动记录 1 条" in said
        assert "各自记的" not in said
        assert "台账完好" in county("verify").out


def damaged(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))


def altered(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER amount_is_not_updated")
        db.execute("UPDATE amount SET hundredths = hundredths + 100")
        db.commit()


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9999")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE other (x)")


def badly_packed(path: Path) -> None:
    """A bundle with a valid directory and content that cannot be unpacked."""
    with ZipFile(path, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr("bundle.json", "{}" * 100)
    content = path.read_bytes()
    begin = content.index(b"bundle.json") + len("bundle.json")
    path.write_bytes(content[:begin] + b"\xff" * 4 + content[begin + 4 :])


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (badly_packed, "不是 sgtrack 的合并包，或已经损坏"),
        (damaged, "损坏"),
        (altered, "改动过"),
        (newer, "更新版本"),
        (foreign, "不是 sgtrack 的台账"),
        (lambda path: path.write_bytes(b"text"), "不是 sgtrack 的台账或合并包"),
        (lambda path: path.write_bytes(b"PK\x05\x06" + bytes(18)), "不是 sgtrack 的合并包"),
    ],
)
def test_where_one_cannot_be_merged_none_is(
    laptop: Laptops, north: Laptop, tmp_path: Path, break_it: Callable[[Path], None], said: str
) -> None:
    county = laptop("county")
    county("log", "5.1", "1人次", "-d", "4-1")
    before = contents(county.workspace.ledger)
    bad = tmp_path / "bad.db"
    shutil.copyfile(tmp_path / "north" / "ledger.db", bad)
    break_it(bad)
    content = bad.read_bytes()
    ran = county("merge", str(tmp_path / "north"), str(bad), code=1)
    assert said in ran.err
    assert contents(county.workspace.ledger) == before
    assert bad.read_bytes() == content
    assert not (tmp_path / "county" / "evidence").exists()


@pytest.mark.about_the_file("its pages")
def test_a_merged_ledger_can_be_recovered(laptop: Laptops, north: Laptop, tmp_path: Path) -> None:
    south, county = laptop("south"), laptop("county")
    south("log", "7.2.2", "1人", "--who", OTHER_NAME, "-d", "3-7", "-t", "南边")
    bundle = tmp_path / "south.zip"
    south("bundle", "-o", str(bundle))
    county("merge", str(tmp_path / "north"), str(bundle))
    before = status_without_titles(county, "sanli")
    (tmp_path / "scratch").mkdir()
    ledger, damaged = tmp_path / "county" / "ledger.db", tmp_path / "scratch" / "damaged.db"
    shutil.copyfile(ledger, damaged)
    made, told = recover(ledger, damaged)
    assert (told.lost, told.nameless, told.unproven, told.chained) == ((), 0, (), True)
    shutil.copyfile(made, tmp_path / "county" / "ledger.db")
    assert status_without_titles(county, "sanli") == before
    assert "台账完好" in county("verify").out


def test_a_whole_source_that_was_taken_out_again_is_noticed(
    laptop: Laptops, north: Laptop, tmp_path: Path
) -> None:
    county = laptop("county")
    county("merge", str(tmp_path / "north"))
    with unguarded(county.workspace.ledger) as db:
        (own,) = db.execute("SELECT id FROM ledger").fetchone()
        for table in ("issued_figure", "issued_entry", "issued_file", "issued_brief", "evidence"):
            db.execute(f"DELETE FROM {table}")
        for table in ("amount", "participant", "also", "activity", "person"):
            db.execute(f"DELETE FROM {table}")
        for table in rollups.ALL:
            db.execute(f"DELETE FROM {table}")
        for table in ("link", "head"):
            db.execute(f"DELETE FROM {table} WHERE source <> ?", (own,))
    assert "合并进来的记录被整条抹去" in county("verify", code=1).out
