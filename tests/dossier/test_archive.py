"""The archive of a dossier is written piece by piece, and is complete or absent."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from sgtrack.dossier.dossier_archive import open_archive
from sgtrack.evidence.evidence_store import CHUNK, Condition, check_condition, path_in
from sgtrack.files import replacing
from sgtrack.model.errors import Refused

from ..support.files import needs_links

MOMENT = (2026, 6, 30, 0, 0, 0)


def test_a_file_is_copied_in_pieces_and_known_by_its_content(tmp_path: Path) -> None:
    content = bytes(range(256)) * (CHUNK // 200)
    digest, other = sha256(content).hexdigest(), "0" * 64
    for name in (digest, other):
        path_in(tmp_path, name).parent.mkdir()
        path_in(tmp_path, name).write_bytes(content)
    moved: list[int] = []
    with open_archive(tmp_path / "a.zip", MOMENT, replacing) as made:
        right = made.add_file("照片.jpg", tmp_path, digest, moved.append)
        wrong = made.add_file("方案.txt", tmp_path, other, moved.append)
    assert (right, wrong) == (Condition.INTACT, Condition.CHANGED)
    assert (max(moved), sum(moved)) == (CHUNK, 2 * len(content))
    with ZipFile(tmp_path / "a.zip") as opened:
        assert opened.read("照片.jpg") == content
        assert [one.compress_type for one in opened.infolist()] == [ZIP_STORED, ZIP_DEFLATED]
        assert all(one.flag_bits & 0x800 for one in opened.infolist())


@needs_links
def test_what_is_no_stored_file_is_missing_and_not_in_it(tmp_path: Path) -> None:
    """Links may lead to any file of the laptop, so they are not followed, whatever is behind."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    digest = sha256(b"secret").hexdigest()
    store = tmp_path / "evidence"
    path_in(store, "aa" * 32).mkdir(parents=True)
    path_in(store, "bb" * 32).parent.mkdir()
    path_in(store, "bb" * 32).symlink_to(secret)
    (tmp_path / digest).write_bytes(b"secret")
    (store / digest[:2]).symlink_to(tmp_path, target_is_directory=True)
    with open_archive(tmp_path / "a.zip", MOMENT, replacing) as made:
        for name in ("00" * 32, "aa" * 32, "bb" * 32, digest):
            found = made.add_file(name, store, name, lambda _: None)
            assert found is Condition.MISSING
            assert check_condition(store, name) is Condition.MISSING
    with ZipFile(tmp_path / "a.zip") as opened:
        assert opened.namelist() == []


def interrupted(path: Path, error: BaseException) -> None:
    with open_archive(path, MOMENT, replacing) as made:
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
        pytest.raises(Refused, match="无法写入"),
        open_archive(tmp_path / "file" / "a.zip", MOMENT, replacing),
    ):
        pass
