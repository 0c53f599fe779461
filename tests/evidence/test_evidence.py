"""Evidence is stored by its content and never altered; unfit files are refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sgtrack.evidence.attach import guess_kind
from sgtrack.evidence.evidence_store import (
    Condition,
    Source,
    check_condition,
    evidence_writer,
    inspect,
    path_in,
)
from sgtrack.model.errors import Refused
from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run
from ..support.files import read_tree
from ..support.ledgers import can_be_written
from ..support.turns import run_before_turn


@pytest.fixture
def entry(log: Run, run: Run) -> str:
    log("殡葬", "80人次", "-d", "3-12", "-t", "惠民殡葬进小区")
    found: str = json.loads(run("list", "--json").out)[0]["id"]
    return found


def file(folder: Path, name: str, content: bytes = b"content") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_files_are_copied_not_moved_and_found_again(
    run: Run, entry: str, workspace: Workspace, tmp_path: Path
) -> None:
    first = file(tmp_path, "3月签到表.jpg", b"signed")
    second = file(tmp_path, "IMG_0001.JPG", b"photo")
    ran = run("evidence", "add", entry, str(first), str(second))
    assert (ran.code, ran.err) == (0, "")
    assert (first.read_bytes(), second.read_bytes()) == (b"signed", b"photo")
    listed = json.loads(run("evidence", "list", "--json").out)
    assert [(one["kind"], one["name"], one["size"]) for one in listed] == [
        ("签到表", "3月签到表.jpg", 6),
        ("照片", "IMG_0001.JPG", 5),
    ]
    for one in listed:
        kept = path_in(workspace.evidence, one["sha256"])
        assert check_condition(workspace.evidence, one["sha256"]) is Condition.INTACT
        assert not os.access(kept, os.W_OK) or os.getuid() == 0
        assert kept.stat().st_mode & 0o222 == 0


def test_log_takes_files_and_says_what_is_missing(run: Run, log: Run, tmp_path: Path) -> None:
    sheet, photo = file(tmp_path, "签到.pdf"), file(tmp_path, "a.png", b"p")
    ran = log("6.3", "45人次", "-t", "三八", "-d", "3-8", "-e", str(sheet), str(photo))
    assert "佐证：签到表、照片" in ran.out
    assert "还缺" not in ran.out
    half = log("6.3", "40人次", "-t", "五一", "-d", "5-1", "-e", str(file(tmp_path, "b.png", b"q")))
    assert "佐证：照片，还缺 签到表" in half.out
    (community,) = json.loads(run("status", "6.3", "--json", "-c", "xianheguan").out)["communities"]
    assert [(i["unit"], i["actual"], i["proven"]) for i in community["indicators"]] == [
        ("场", 2, 1),
        ("人次", 85, 45),
    ]


def test_evidence_stays_with_a_corrected_entry(run: Run, entry: str, tmp_path: Path) -> None:
    run("evidence", "add", entry, str(file(tmp_path, "签到.jpg")))
    assert "佐证：签到表，还缺 照片" in run("amend", entry, "90人次", "-r", "核对").out
    (listed,) = json.loads(run("evidence", "list", "--json").out)
    assert listed["entry"] != entry
    newer = listed["entry"]
    run("evidence", "add", newer, str(file(tmp_path, "现场.jpg", b"p")))
    assert len(json.loads(run("list", "--json").out)[0]["evidence"]) == 2


def test_a_file_used_twice_is_reported(run: Run, log: Run, entry: str, tmp_path: Path) -> None:
    photo = file(tmp_path, "照片.jpg")
    run("evidence", "add", entry, str(photo))
    again = log("6.3", "45人次", "-t", "三八", "-e", str(photo))
    assert "已经是 2026-03-12 7.3.1 惠民殡葬进小区" in again.out
    checked = run("check", "-c", "xianheguan")
    assert "一个文件用于多次活动（1）" in checked.out


def test_evidence_can_be_taken_away_again(run: Run, entry: str, tmp_path: Path) -> None:
    run("evidence", "add", entry, str(file(tmp_path, "签到.jpg")))
    (listed,) = json.loads(run("evidence", "list", "--json").out)
    assert run("evidence", "void", listed["id"], "-r", "加错").code == 0
    assert json.loads(run("evidence", "list", "--json").out) == []
    again = run("evidence", "void", listed["id"], "-r", "加错")
    assert (again.code, "不是佐证材料的编号" in again.err) == (1, True)
    assert run("verify").code == 0


def wrong(tmp_path: Path) -> dict[str, tuple[str, str]]:
    (tmp_path / "文件夹").mkdir()
    good = file(tmp_path, "好.jpg")
    inputs = {
        "missing": (str(tmp_path / "没有.jpg"), "没有文件"),
        "a folder": (str(tmp_path / "文件夹"), "是文件夹"),
        "empty": (str(file(tmp_path, "空.jpg", b"")), "是空的"),
        "a hundred characters": (str(tmp_path / ("长" * 100 + ".jpg")), "太长"),
        "eighty-one characters": (str(file(tmp_path, "a" * 77 + ".jpg")), "太长"),
        "below a file": (str(good / "里面.jpg"), "没有文件"),
        "invisible": (str(file(tmp_path, "a\u200bb.jpg")), "看不见的字符"),
    }
    if os.name == "posix":  # Windows has no pipes in folders, and links only for some users
        (tmp_path / "链接.jpg").symlink_to(good)
        (tmp_path / "断了.jpg").symlink_to(tmp_path / "没有")
        os.mkfifo(tmp_path / "管道")
        inputs["a link"] = (str(tmp_path / "链接.jpg"), "是链接")
        inputs["a broken link"] = (str(tmp_path / "断了.jpg"), "是链接")
        inputs["a pipe"] = (str(tmp_path / "管道"), "不是普通文件")
    return inputs


def test_what_is_no_fit_file_is_refused_and_nothing_changes(
    run: Run, entry: str, workspace: Workspace, tmp_path: Path
) -> None:
    good = file(tmp_path, "也好.jpg", b"good")
    before = read_tree(workspace.root)
    for name, (path, said) in wrong(tmp_path).items():
        for words in (
            ("evidence", "add", entry, str(good), path),
            ("log", "6.3", "5人次", "-t", "新", "-c", "xianheguan", "-e", str(good), "-e", path),
        ):
            assert_refused(run(*words), said, name)
            assert read_tree(workspace.root) == before, name


def played_refusal(self: Path, *args: object, **more: object) -> object:
    raise PermissionError(13, "Permission denied")


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(tmp_path, "锁.jpg")
    path.chmod(0)
    if os.name != "posix" or os.getuid() == 0:  # both read it, so the system's refusal is played
        monkeypatch.setattr(Path, "open", played_refusal)
    with pytest.raises(Refused, match="无法读取"):
        inspect(path)


def test_a_file_is_judged_by_reading_it_not_by_its_permissions(
    run: Run, log: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the file, while Typer's own would not."""
    path = str(file(tmp_path, "锁.jpg"))
    table = str(file(tmp_path, "锁.csv", "姓名\n工甲\n".encode()))
    monkeypatch.setattr(os, "access", lambda path, *_, **__: "锁" not in str(path))
    log("5.1", "3人次", "-e", path)
    (entry,) = json.loads(run("list", "--json").out)
    assert run("evidence", "add", entry["id"], path, "--as", "照片").code == 0
    assert run("people", "import", table, "-c", "xianheguan").code == 0
    assert "没有找到“日期”" in run("import", table, "-c", "xianheguan").err


def test_the_same_file_twice_and_unknown_kinds_are_refused(
    run: Run, entry: str, workspace: Workspace, tmp_path: Path
) -> None:
    path = str(file(tmp_path, "签到.jpg"))
    run("evidence", "add", entry, path)
    before = read_tree(workspace.root)
    assert_refused(run("evidence", "add", entry, path), "已经是", "twice")
    assert_refused(run("evidence", "add", entry, path, "--as", "没有的"), "没有佐证材料", "kind")
    assert_refused(run("evidence", "add", "ZZZZZZ", path), "没有编号", "entry")
    assert read_tree(workspace.root) == before


def assert_refused(ran: Ran, said: str, name: str) -> None:
    assert ran.code == 1, name
    assert said in ran.err, (name, ran.err)
    assert "改法：" in ran.err, name
    assert ran.out == "", name


def fail_after_taking(store: Path, source: Source) -> None:
    with evidence_writer(store, []) as kept:
        kept.store_files([source])
        _ = 1 / 0


def test_a_failure_after_copying_leaves_no_file(tmp_path: Path) -> None:
    store = tmp_path / "evidence"
    source = inspect(file(tmp_path, "a.jpg"))
    with pytest.raises(ZeroDivisionError):
        fail_after_taking(store, source)
    assert [p for p in store.rglob("*") if p.is_file()] == []


def test_a_file_is_taken_back_before_another_program_may_write(
    run: Run, log: Run, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_before_turn(monkeypatch, lambda: log("5.1", "3人次", "-t", "入户"))
    original = Path.unlink
    locked = []

    def watched(path: Path, missing_ok: bool = False) -> None:
        if path.parent.parent == workspace.evidence:
            assert not can_be_written(workspace.ledger)
            locked.append(path.name)
        original(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", watched)
    again = ("5.1", "3人次", "-t", "入户", "-e", str(file(tmp_path, "a.jpg")))
    assert run("log", "-c", "xianheguan", *again).code == 1
    assert len(locked) == 1
    assert not [p for p in workspace.evidence.rglob("*") if p.is_file()]


def test_content_that_is_there_stays_when_another_use_of_it_fails(tmp_path: Path) -> None:
    store = tmp_path / "evidence"
    source = inspect(file(tmp_path, "a.jpg"))
    with evidence_writer(store, []) as kept:
        (first,) = kept.store_files([source])
    with pytest.raises(ZeroDivisionError):
        fail_after_taking(store, source)
    assert check_condition(store, first.sha256) is Condition.INTACT


@pytest.mark.parametrize(
    ("name", "needs", "kind"),
    [
        ("3月签到表.jpg", ("签到表", "照片"), "签到表"),
        ("IMG_1.JPG", ("签到表", "照片"), "照片"),
        ("scan.pdf", ("服务记录",), "服务记录"),
        ("scan.pdf", ("签到表", "照片"), "其他"),
        ("截图.png", ("媒体截图",), "媒体截图"),
        ("IMG_1.png", ("媒体截图",), "媒体截图"),
        ("活动方案.docx", ("签到表",), "活动方案"),
        ("photo.heic", (), "照片"),
        ("结业证书.jpg", ("证书",), "证书"),
    ],
)
def test_the_kind_of_evidence_follows_from_file_name_and_need(
    name: str, needs: tuple[str, ...], kind: str
) -> None:
    assert guess_kind(name, needs) == kind


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("现场.jpg", b"\xff\xd8\xff\xe0 cut off", "照片"),
        ("现场.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "照片"),
        ("活动照片.heic", b"\0\0\0\x18ftypheic", "JPG、PNG 或 HEIC"),
        ("签到表.jpeg", b"saved web page", "不是能用的照片"),
    ],
)
def test_a_broken_photo_is_told_when_it_is_added(
    run: Run, log: Run, entry: str, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = file(tmp_path, name, content)
    ran = run("evidence", "add", entry, str(path))
    assert (ran.code, f"“{name}”" in ran.out, said in ran.out) == (0, True, True)
    again = log("5.1", "3人次", "-d", "3-1", "-e", str(path)).out
    assert said in again


def test_a_sound_photo_and_other_files_are_not_told(run: Run, entry: str, tmp_path: Path) -> None:
    from PIL import Image

    paths = [tmp_path / name for name in ("现场.jpg", "合影.png", "大图.webp")]
    for path in paths:
        Image.new("RGB", (64, 48), "red").save(path)
    other = file(tmp_path, "方案.docx")
    ran = run("evidence", "add", entry, *map(str, paths), str(other))
    assert (ran.code, "注意" in ran.out) == (0, False), ran.out


def test_a_photo_cut_off_in_the_middle_is_told(run: Run, entry: str, tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "现场.jpg"
    Image.effect_noise((600, 400), 80).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    ran = run("evidence", "add", entry, str(path))
    assert (ran.code, "“现场.jpg”照片无法读取" in ran.out) == (0, True), ran.out
