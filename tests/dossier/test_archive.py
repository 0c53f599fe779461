"""The archive of a dossier is written piece by piece, and is complete or absent."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from sgtrack.dossier.dossier_archive import open_archive
from sgtrack.evidence.evidence_store import CHUNK, Condition
from sgtrack.model.errors import Refused

MOMENT = (2026, 6, 30, 0, 0, 0)


def test_a_file_is_copied_in_pieces_and_known_by_its_content(tmp_path: Path) -> None:
    content = bytes(range(256)) * (CHUNK // 200)
    source = tmp_path / "source"
    source.write_bytes(content)
    moved: list[int] = []
    with open_archive(tmp_path / "a.zip", MOMENT) as made:
        right = made.add_file("照片.jpg", source, sha256(content).hexdigest(), moved.append)
        wrong = made.add_file("方案.txt", source, "0" * 64, moved.append)
    assert (right, wrong) == (Condition.INTACT, Condition.CHANGED)
    assert (max(moved), sum(moved)) == (CHUNK, 2 * len(content))
    with ZipFile(tmp_path / "a.zip") as opened:
        assert opened.read("照片.jpg") == content
        assert [one.compress_type for one in opened.infolist()] == [ZIP_STORED, ZIP_DEFLATED]
        assert all(one.flag_bits & 0x800 for one in opened.infolist())


def test_what_cannot_be_opened_is_missing_and_not_in_it(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with open_archive(tmp_path / "a.zip", MOMENT) as made:
        for name in ("nothing", "folder"):
            found = made.add_file(name, tmp_path / name, "0" * 64, lambda _: None)
            assert found is Condition.MISSING
    with ZipFile(tmp_path / "a.zip") as opened:
        assert opened.namelist() == []


def interrupted(path: Path, error: BaseException) -> None:
    with open_archive(path, MOMENT) as made:
        made.add_content("索引.html", b"half")
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError(), OSError(28, "full")])
def test_an_interruption_leaves_what_was_there_before(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "out" / "a.zip"
    path.parent.mkdir()
    path.write_bytes(b"the one before")
    with pytest.raises((type(error), Refused)):
        interrupted(path, error)
    assert path.read_bytes() == b"the one before"
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(Refused, match="写不进去"),
        open_archive(tmp_path / "file" / "a.zip", MOMENT),
    ):
        pass
