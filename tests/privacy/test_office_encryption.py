"""A protected Excel file opens with its password, in Excel and here, and in no other way."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.child_process import ChildTooSlow, run_child
from sgtrack.model.errors import Refused
from sgtrack.privacy import office_encryption
from sgtrack.privacy.office_decryption import decrypt
from sgtrack.privacy.office_encryption import decrypt_office, encrypt_workbook, is_protected
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.examples import examples
from ..support.tables import PASSWORD, protect_cheaply, rows_workbook

OLD = (Path(__file__).parents[1] / "data" / "protected97.xls").read_bytes()
"""A roster, saved by LibreOffice with the password Abc-12."""
AGILE = "{http://schemas.microsoft.com/office/2006/encryption}"
KEY = "{http://schemas.microsoft.com/office/2006/keyEncryptor/password}encryptedKey"


BOOK = rows_workbook(("姓名",), ("欧阳翡翠",))
CHEAP = protect_cheaply(BOOK)


def never(name: str) -> str:
    raise AssertionError("no password is needed")


def test_a_protected_file_opens_with_its_password() -> None:
    protected = encrypt_workbook(BOOK, PASSWORD)
    assert is_protected(protected)
    assert zipfile.is_zipfile(BytesIO(BOOK))
    assert b"PK\x03\x04" not in protected
    assert decrypt_office("x.xlsx", protected, lambda name: PASSWORD) == BOOK
    with pytest.raises(Refused, match="密码不对"):
        decrypt_office("x.xlsx", protected, lambda name: PASSWORD.lower())


def test_the_container_is_that_of_excel() -> None:
    with olefile.OleFileIO(BytesIO(encrypt_workbook(BOOK, PASSWORD))) as container:
        assert {"/".join(path) for path in container.listdir()} >= {
            "EncryptedPackage",
            "EncryptionInfo",
            "\x06DataSpaces/DataSpaceMap",
            "\x06DataSpaces/TransformInfo/StrongEncryptionTransform/\x06Primary",
        }
        info = container.openstream("EncryptionInfo").read()
    assert info[:8] == bytes.fromhex("0400040040000000")  # agile encryption
    described = ET.fromstring(info[8:])  # noqa: S314 - the program's own output
    data, key = described.find(f"{AGILE}keyData"), described.find(f".//{KEY}")
    assert data is not None
    assert key is not None
    for method in (data, key):
        named = ("cipherAlgorithm", "cipherChaining", "keyBits", "hashAlgorithm")
        found = [method.get(name) for name in named]
        assert found == ["AES", "ChainingModeCBC", "256", "SHA512"]
    assert key.get("spinCount") == "100000"
    assert described.find(f"{AGILE}dataIntegrity") is not None


def test_the_same_content_is_never_encrypted_alike() -> None:
    assert encrypt_workbook(BOOK, PASSWORD) != encrypt_workbook(BOOK, PASSWORD)


def test_an_old_excel_file_opens_with_its_password() -> None:
    assert is_protected(OLD)
    assert not is_protected(decrypt_office("x.xls", OLD, lambda name: "Abc-12"))
    with pytest.raises(Refused, match="密码不对"):
        decrypt_office("x.xls", OLD, lambda name: "abc-12")


def test_composed_and_decomposed_passwords_are_the_same() -> None:
    protected = encrypt_workbook(BOOK, "re\u0301sume\u0301 123")
    assert decrypt_office("x.xlsx", protected, lambda name: "r\xe9sum\xe9 123") == BOOK


def test_a_file_that_excel_opens_without_a_password_needs_none() -> None:
    assert decrypt_office("x.xlsx", protect_cheaply(BOOK, "VelvetSweatshop"), never) == BOOK
    assert decrypt_office("x.xlsx", BOOK, never) == BOOK


@pytest.mark.parametrize("password", ["", "x" * 300, "密码"])
def test_any_wrong_password_is_refused(password: str) -> None:
    assert decrypt(CHEAP, password) == ("wrong", b"")
    assert decrypt(OLD, password) == ("wrong", b"")


def test_a_password_that_excel_does_not_take_is_refused() -> None:
    assert is_protected(encrypt_workbook(BOOK, "x" * 255))
    with pytest.raises(Refused, match="密码太长"):
        encrypt_workbook(BOOK, "x" * 256)


@pytest.mark.parametrize("size", [7_000_000, 7_300_000, 20_000_000], ids=str)
def test_a_large_file_is_decrypted_unchanged(size: int) -> None:
    """From 7 MB on, the sectors of the container are listed in further places."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x", os.urandom(size))
    assert decrypt(protect_cheaply(packed.getvalue()), PASSWORD) == ("decrypted", packed.getvalue())


ATTACKS = {
    "cut": lambda c: c[: len(c) // 2],
    "content altered": lambda c: c[:6000] + bytes([c[6000] ^ 1]) + c[6001:],
    "key altered": lambda c: c.replace(b'encryptedKeyValue="', b'encryptedKeyValue="AAAA'),
    "no hash": lambda c: c.replace(b"SHA512", b"SHA999"),
    "endless key derivation": lambda c: c.replace(b'spinCount="1" ', b'spinCount="99999999" '),
    "another version": lambda c: c.replace(b"\4\0\4\0\x40\0\0\0", b"\4\0\3\0\x40\0\0\0"),
    "no XML": lambda c: c.replace(b"<encryption", b"<<<<<<<<<<<"),
    "nothing": lambda c: c[:8] + office_encryption._PACKAGE,
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_altered_file_is_refused(attack: object) -> None:
    altered = attack(CHEAP)  # type: ignore[operator]
    assert altered != CHEAP
    with pytest.raises(Refused) as refused:
        decrypt_office("x.xlsx", altered, lambda name: PASSWORD)
    assert refused.value.hint


@examples(quick=60, thorough=1000)
@given(place=st.integers(0, 100_000), byte=st.integers(1, 255), old=st.booleans())
def test_any_altered_byte_is_refused_or_harmless(place: int, byte: int, old: bool) -> None:
    content = bytearray(OLD if old else CHEAP)
    content[place % len(content)] ^= byte
    state, decrypted = decrypt(bytes(content), "Abc-12" if old else PASSWORD)
    assert state in {"decrypted", "plain", "wrong", "altered", "unsupported"}
    assert bool(decrypted) == (state == "decrypted")
    if state == "decrypted" and not old:
        assert decrypted == BOOK


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ChildTooSlow):
        run_child(office_encryption.DECRYPT_OFFICE, b'""\n' + CHEAP, 0)
    monkeypatch.setattr(office_encryption, "MOST_SECONDS", 0)
    with pytest.raises(Refused, match="还没有完"):
        decrypt_office("x.xlsx", CHEAP, never)


def test_a_process_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_encryption, "run_child", lambda *_: b"")
    with pytest.raises(Refused, match="不完整"):
        decrypt_office("x.xlsx", CHEAP, never)


def test_protected_files_are_listed_when_a_name_is_redacted(run: Run, workspace: Workspace) -> None:
    run("log", "5.1", "3人次", "-d", "3-1", "-t", "欧阳翡翠", "-c", "sanli")
    for name, content in {
        "新.xlsx": CHEAP,
        "旧.xls": OLD,
        "开.xlsx": rows_workbook(("甲",)),
    }.items():
        (workspace.root / name).write_bytes(content)
    ran = run("forget", "欧阳翡翠", "-r", "要求", "--dry-run")
    lines = [line for line in ran.out.splitlines() if "加密的文件无法查看" in line]
    assert [line.rpartition("：")[2] for line in lines] == ["新.xlsx", "旧.xls"]
