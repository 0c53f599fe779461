"""An encrypted file opens with its passphrase, complete, and in no other way."""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.cli import prompts
from sgtrack.files import replacing
from sgtrack.model.errors import Refused
from sgtrack.privacy import encryption
from sgtrack.privacy.encryption import decrypt_file, encrypt_file, is_encrypted
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.examples import examples
from ..support.files import read_tree

PHRASE = "一句又长又好记的话"
HEADER = 39
CHUNK = 65536
HERE = ("-c", "sanli")
PAGE = Path(__file__).parents[2] / "docs" / "security.md"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "_LOG_N", 10)  # what scrypt costs is no matter here


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "sealed"
    made.mkdir()
    return made


def sealed(folder: Path, content: bytes) -> Path:
    encrypt_file(BytesIO(content), folder / "x.sealed", PHRASE, replacing)
    return folder / "x.sealed"


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_an_encrypted_file_is_decrypted_unchanged(folder: Path, size: int) -> None:
    content = bytes(n % 251 for n in range(size))
    file = sealed(folder, content)
    decrypt_file(file, folder / "out", PHRASE)
    assert (folder / "out").read_bytes() == content
    assert size < 100 or content[:100] not in file.read_bytes()
    if os.name == "posix":  # Windows has no such permissions
        assert (folder / "out").stat().st_mode & 0o077 == 0
        assert file.stat().st_mode & 0o077 == 0


def test_the_same_content_is_never_encrypted_alike(folder: Path) -> None:
    assert sealed(folder, b"x").read_bytes() != sealed(folder, b"x").read_bytes()


def chunks(content: bytes) -> list[bytes]:
    body = content[HEADER:]
    return [body[n : n + CHUNK + 16] for n in range(0, len(body), CHUNK + 16)]


ATTACKS = {
    "cut within a chunk": lambda c: c[:-1],
    "cut after a chunk": lambda c: c[: HEADER + CHUNK + 16],
    "cut after the header": lambda c: c[:HEADER],
    "cut within the header": lambda c: c[: HEADER - 1],
    "swapped chunks": lambda c: c[:HEADER] + b"".join([chunks(c)[n] for n in (1, 0, 2)]),
    "a chunk twice": lambda c: c[:HEADER] + b"".join([chunks(c)[n] for n in (0, 0, 1, 2)]),
    "a chunk left out": lambda c: c[:HEADER] + b"".join([chunks(c)[n] for n in (0, 2)]),
    "more behind": lambda c: c + b"x",
    "the last chunk twice": lambda c: c + chunks(c)[-1],
    "one bit of the content": lambda c: c[:-20] + bytes([c[-20] ^ 1]) + c[-19:],
    "another salt": lambda c: c[:12] + bytes([c[12] ^ 1]) + c[13:],
    "another chunk size": lambda c: c[:28] + b"\0\0\x80\0" + c[32:],
    "another nonce": lambda c: c[:33] + bytes([c[33] ^ 1]) + c[34:],
    "a costly header": lambda c: c[:9] + bytes([63]) + c[10:],
    "a chunk of nothing": lambda c: c[:28] + b"\0\0\0\0" + c[32:],
    "a newer version": lambda c: c[:8] + bytes([2]) + c[9:],
    "another program's file": lambda c: b"x" * 100,
    "empty": lambda c: b"",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_what_was_altered_is_refused_and_leaves_nothing(folder: Path, attack: object) -> None:
    content = bytes(n % 251 for n in range(2 * CHUNK + 100))
    file = sealed(folder, content)
    file.write_bytes(attack(file.read_bytes()))  # type: ignore[operator]
    before = read_tree(folder)
    with pytest.raises(Refused) as refused:
        decrypt_file(file, folder / "out", PHRASE)
    assert refused.value.hint
    assert read_tree(folder) == before


@pytest.mark.parametrize("phrase", ["", "一句又长又好记的话 ", "一句又长又好记的", "x" * 100])
def test_a_wrong_passphrase_is_refused(folder: Path, phrase: str) -> None:
    file = sealed(folder, b"content")
    with pytest.raises(Refused, match="密码不对"):
        decrypt_file(file, folder / "out", phrase)
    assert [path.name for path in folder.iterdir()] == ["x.sealed"]


@examples(quick=30, thorough=300)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_bit_can_be_changed(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("bit")
    file = sealed(folder, b"content" * 100)
    content = bytearray(file.read_bytes())
    content[place % len(content)] ^= 1 << bit
    file.write_bytes(bytes(content))
    with pytest.raises(Refused):
        decrypt_file(file, folder / "out", PHRASE)
    assert not (folder / "out").exists()


def test_a_big_file_passes_through_little_memory(folder: Path) -> None:
    import tracemalloc

    big = folder / "big"
    with big.open("wb") as file:
        file.truncate(64 << 20)
    tracemalloc.start()
    with big.open("rb") as file:
        encrypt_file(file, folder / "x.sealed", PHRASE, replacing)
    decrypt_file(folder / "x.sealed", folder / "out", PHRASE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20
    assert (folder / "out").stat().st_size == 64 << 20


def test_the_script_of_the_document_opens_an_encrypted_file(folder: Path) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    assert "sgtrack" not in found[1]
    content = bytes(n % 251 for n in range(2 * CHUNK + 100))
    names: dict[str, object] = {}
    exec(found[1], names)  # noqa: S102 - the document's own script
    opened = names["opened"](sealed(folder, content).read_bytes(), PHRASE)  # type: ignore[operator]
    assert opened == content


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the passphrase into the environment."""
    monkeypatch.setenv(prompts.PASSPHRASE_VARIABLE, PHRASE)


@pytest.mark.about_the_file("sealed backups")
def test_an_encrypted_backup_is_restored(
    told: None, run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    assert run("log", "5.1", "3人次", "-d", "3-1", "-t", "欧阳翡翠", *HERE).code == 0
    file = tmp_path / "台账.sealed"
    assert run("backup", "--encrypt", str(file)).code == 0
    assert is_encrypted(file)
    assert "欧阳翡翠".encode() not in file.read_bytes()
    run("log", "5.1", "4人次", "-d", "3-2", *HERE)
    assert run("restore", str(file), "--yes").code == 0
    assert run("list", "--json", *HERE).out.count('"id"') == 1
    assert run("verify").code == 0


@pytest.mark.about_the_file("sealed backups")
def test_an_encrypted_backup_with_another_passphrase_changes_nothing(
    told: None, run: Run, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("log", "5.1", "3人次", "-d", "3-1", *HERE)
    run("backup", "--encrypt", str(tmp_path / "台账.sealed"))
    before = read_tree(workspace.root)
    monkeypatch.setenv(prompts.PASSPHRASE_VARIABLE, "别的一句长长的话")
    ran = run("restore", str(tmp_path / "台账.sealed"), "--yes")
    assert (ran.code, "密码不对" in ran.err) == (1, True)
    assert read_tree(workspace.root) == before


@pytest.mark.about_the_file("sealed backups")
def test_without_anybody_to_ask_it_is_refused(run: Run, workspace: Workspace) -> None:
    run("log", "5.1", "3人次", "-d", "3-1", *HERE)
    before = read_tree(workspace.root)
    ran = run("backup", "--encrypt", "x.sealed")
    assert (ran.code, prompts.PASSPHRASE_VARIABLE in ran.err) == (1, True)
    assert read_tree(workspace.root) == before
    assert not Path("x.sealed").exists()


@pytest.mark.parametrize(
    ("typed", "said"), [(("short",), "太短"), ((PHRASE, "别的"), "不一样"), ((PHRASE, PHRASE), "")]
)
def test_the_passphrase_is_typed_twice(
    monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], said: str
) -> None:
    answers = iter(typed)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: next(answers))
    if said:
        with pytest.raises(Refused, match=said):
            prompts.read_new_passphrase()
    else:
        assert prompts.read_new_passphrase() == PHRASE
