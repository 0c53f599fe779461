"""The catalogue of refusals: wrong command lines are refused as listed and change nothing.

``tests/golden/refusals.txt`` holds the whole answers, ``refusals-database.txt`` those to wrong
addresses of databases.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
import zipfile
from pathlib import Path

import pytest

from sgtrack.privacy.office_encryption import encrypt_workbook
from sgtrack.tender import office_conversion
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.files import read_tree
from ..support.golden import GOLDEN, check_golden
from ..support.ledgers import ON_SERVER, contents, copied_to_file
from ..tender import word_documents

WRONG = """
log 5.9 3人次 -c xianheguan
log 没有这个 3人次 -c xianheguan
log zzz 3人次 -c xianheguan
log 档案 3个 -c xianheguan
log 6.1 3个 -c xianheguan
log 5.1 3场 -c xianheguan
log 5.1 3人 -c xianheguan
log 7.3 80 -c xianheguan
log 5.1 -c xianheguan
log 5.1 0人次 -c xianheguan
log 5.1 -5人次 -c xianheguan
log 5.1 99999人次 -c xianheguan
log 5.1 2.5人次 -c xianheguan
log 7.2.4 2.555小时 -c xianheguan
log 5.1 近百人次 -c xianheguan
log 5.1 3人次 5人次 -c xianheguan
log 1.1 3个 -c xianheguan
log 5.1 3人次 -d 12-30 -c xianheguan
log 5.1 3人次 -d 明天 -c xianheguan
log 5.1 3人次 -d 2-30 -c xianheguan
log 5.1 3人次 -d 2025-12-31 -c xianheguan
log 5.1 3人次 -t 已经记过 -d 3-1 -c xianheguan
log 5.1 3人次
log 5.1 3人次 -c 没有的社区
log 5.1 3人次 --titel 入户 -c xianheguan
log 7.1 1支 --type 没有的类 -c xianheguan
log 5.1 3人次 --type 文体活动类 -c xianheguan
log 7.3.1 80人次 --also 7.3 -c xianheguan
log 7.3 80人次 --also 7.3.1 -c xianheguan
log 7.2.2 1人 --who 甲、乙 -c xianheguan
log 7.2.2 2人 --who 甲、甲 -c xianheguan
log 6.8.1 -c xianheguan
log 6.8.1 2个 -t 个案甲 -c xianheguan
log 6.8.1 -t 第2次面谈 -c xianheguan
log 7.2.2 2人 --who 张三　李四、王五 -c xianheguan
log 8.3 1人 -d 5-1 -c sanli
log 7.6 1场 -d 3-31 -c sanli
log 7.4 1次 --also 8.3 -d 5-1 -c sanli
log
amend XXXXXX 5人次 -r 更正
amend XX 5人次 -r 更正
amend {id} 5人次
amend {id} -r 什么也没改
amend {id} 5场 -r 更正
void {id}
void XXXXXX -r 重复
show XXXXXX
explain 没有这个
explain 7.6 --as-of 3-31 -c sanli
status 没有这个
status --as-of 某日
status --as-of 0001-01-01
status --as-of 9999-12-31
brief --month 13
brief --month 2027-01
brief --month 2026-09
brief --month 下月
brief --format pdf
list --month 99
due --weeks 0
plan --most 0
plan --from 某日
plan -c 没有的社区
people add 甲 --role 县长 -c xianheguan
people add 工甲 -c xianheguan
people import 没有.xlsx -c xianheguan
people import {folder} -c xianheguan
people import {sheet} -c xianheguan
import {longcell} -c xianheguan
people void 没有这人 -r 写错 -c xianheguan
people void 工甲 -c xianheguan
people training -o 记录.pdf -c xianheguan
evidence add {id} 没有.jpg
evidence add {id} {folder}
evidence add {id} {empty}
evidence add {id} {sheet} --as 奖状
evidence add XXXXXX {sheet}
evidence list 没有这个
evidence void XXXXXX -r 加错
log 5.1 6人次 -d 3-2 -e 没有.jpg -c xianheguan
log 5.1 3人次 --close -d 3-1 -c xianheguan
brief --month 3 --issue --yes
brief --month 5 --issue --yes -c xianheguan
brief --month 8 --issue --yes -c xianheguan
brief --month 8 -c xianheguan
brief --month 8 --issue --yes -c sanli
brief --month 7 --issue --yes -c sanli
brief --month 6 --issue --yes --early 先交 -c sanli
brief --month 6 --yes -c sanli
brief withdraw --month 3 -r 退回 -c sanli
brief withdraw --month 3 -r "" -c sanli
brief --month 6 --early 先交 -c sanli
report midterm --format pdf
report final --as-of 2028-01-01
dossier -o 材料.rar -c xianheguan
dossier -o {folder} -c xianheguan
forget 工甲
forget 工甲 -r 本人要求
forget 甲 -r 本人要求 --yes
forget 社区工作者 -r 本人要求 --yes
backup --encrypt 台账.sealed
export 台账.xlsx --password -c xianheguan
export 6:30台账.xlsx -c xianheguan
dossier -o NUL.zip -c xianheguan
merge
merge 没有.db
merge {sheet}
merge {folder}
merge {home}/ledger.db
bundle
bundle -o 台账.rar
bundle -o {folder}
resolve XXXXXX -r 核对过
resolve {id}
brief --month 2027-01 --all
report county --format pdf
report county --as-of 2028-01-01
verify 0000-0000-0000-0000
verify 甲乙丙
restore 没有这份
restore 202601
restore {backup}
restore {spoilt} --yes
recover
statsu
status --jsn
targets chekc
init .
--home 没有的文件夹 status
targets draft
targets draft 没有.docx
targets draft {folder}
targets draft {empty}
targets draft {pdf}
targets draft {doc}
targets draft {locked}
targets draft {torn}
targets draft {bomb}
targets draft {scan}
targets draft {binary}
targets draft {picture}
targets draft {long}
targets draft {plain}
targets draft {two}
targets draft {two} --package 3
targets draft {two} -o 石桥.yaml
targets draft {two} -o {taken}
"""

ABOUT_THE_FILE = tuple(
    f"$ sgtrack {words}" for words in ("backup", "restore", "recover", "merge {home}/ledger.db")
)
"""Refusals that read differently for a ledger in a database."""

CHANGES = """
changes:
  - from: 2026-04-01
    document: 补充协议
    add:
      - clause: 7.6
        text: 开展防诈宣传4场；
        items:
          - {name: 防诈宣传, total: {场: 4}}
    end: [8.3]
"""
"""A supplementary agreement of 三里."""


def tenders(folder: Path) -> dict[str, Path]:
    """Documents that ``targets draft`` refuses, by their name in the catalogue."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", bytes(60_000_000))
    contents = {
        "pdf": b"%PDF-1.7",
        "doc": ole,
        "locked": encrypt_workbook(word_documents.wuli(), "correct horse"),
        "torn": word_documents.wuli()[:5000],
        "bomb": bomb.getvalue(),
        "scan": word_documents.saved(word_documents.new_document()),
        "binary": bytes(range(256)),
        "picture": b"\x89PNG\r\n\x1a\n",
        "long": "开展活动10场；".encode() * 50_000,
        "plain": "今天天气很好。".encode(),
        "two": word_documents.two_packages(),
    }
    named = {}
    for name, content in contents.items():
        named[f"{{{name}}}"] = folder / f"招标文件-{name}.docx"
        named[f"{{{name}}}"].write_bytes(content)
    return named


def test_every_wrong_command_line_is_refused_in_plain_words(
    run: Run, log: Run, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_conversion, "find_libreoffice", lambda: None)
    sanli = workspace.targets / "sanli.yaml"
    sanli.write_text(sanli.read_text(encoding="utf-8") + CHANGES, encoding="utf-8")
    first = log("5.1", "4人次", "-d", "3-1", "-t", "已经记过").out
    assert run("people", "add", "工甲", "-c", "xianheguan").code == 0
    entry = re.search(r"已记录  (\S+)", first)
    assert entry is not None
    folder = tmp_path / "材料.zip"
    folder.mkdir()
    empty = tmp_path / "空.jpg"
    empty.touch()
    sheet = tmp_path / "名单.csv"
    sheet.write_text("编号,电话\n1,2\n", encoding="utf-8")
    long_cell = tmp_path / "引号.csv"
    long_cell.write_text(f'日期,服务项\n3-1,5.1\n3-2,"{"长" * 200_000}\n', encoding="utf-8")
    workspace.backups.mkdir(mode=0o700, exist_ok=True)
    good, spoilt = (workspace.backups / f"2026010{n}-080000-daily.db" for n in (1, 2))
    copied_to_file(workspace.ledger, good)
    spoilt.write_bytes(b"rubbish " * 1000)
    named: dict[str, object] = {"{backup}": good.stem, "{spoilt}": spoilt.stem}
    named |= {
        "{id}": entry[1],
        "{folder}": folder,
        "{empty}": empty,
        "{sheet}": sheet,
        "{longcell}": long_cell,
    }
    named |= tenders(tmp_path)
    named["{taken}"] = workspace.root / "tianchi.yaml"
    (workspace.root / "tianchi-1.yaml").touch()
    before = read_tree(workspace.root), contents(workspace.ledger)
    answers = []
    for line in WRONG.strip().split("\n"):
        words = [str(named.get(word, word)) for word in shlex.split(line)]
        words = [word.replace("{home}", str(workspace.root)) for word in words]
        if words[:1] == ["init"]:
            words[1] = str(workspace.root)
        ran = run(*words)
        assert ran.code in (1, 2), line
        assert ran.out == "", line
        assert ran.err.startswith("错误："), line
        assert "改法：" in ran.err, line
        assert "Traceback" not in ran.err, line
        assert (read_tree(workspace.root), contents(workspace.ledger)) == before, line
        said = ran.err.replace(str(workspace.root), "{home}")
        for short, full in named.items():
            said = said.replace(str(full), short)
        said = re.sub(r"\{\w+\}\S*", lambda path: path[0].replace(os.sep, "/"), said)
        answers.append(f"$ sgtrack {line}\n{said}退出码 {ran.code}\n")
    if not ON_SERVER:
        check_golden("refusals.txt", "\n".join(answers))
        return
    told = "\n".join(one for one in answers if not one.startswith(ABOUT_THE_FILE))
    golden = (GOLDEN / "refusals.txt").read_text(encoding="utf-8").split("\n$ ")
    same = [f"$ {one.removeprefix('$ ').strip()}\n" for one in golden]
    assert told == "\n".join(one for one in same if not one.startswith(ABOUT_THE_FILE))


WRONG_ADDRESSES = """
ledger.db
mysql://zhang:geheim@db/ledger
postgresql+psycopg://zhang:geheim@db
postgresql+psycopg://zhang:geheim@db:5432x/ledger
postgresql+psycopg://zhang:12/geheim@db/ledger
postgresql+psycopg://zhang:geheim@localhost/ledger?nosuch=1
postgresql+psycopg://zhang:geheim@localhost:1/ledger
postgresql+psycopg://zhang:geheim@localhost:1,localhost:2/ledger
postgresql+psycopg://zhang:ge%ZZheim@localhost:1/ledger
postgresql+psycopg://zhang:geheim@/ledger?host=/nowhere
postgresql+psycopg://zhang:geheim@localhost:1/ledger?sslmode=verify-full&sslrootcert=/nowhere
"""


def test_every_wrong_database_is_refused_in_plain_words(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    for url in WRONG_ADDRESSES.strip().split("\n"):
        monkeypatch.setenv("SGTRACK_DB", url)
        for words in ("status", "log 5.1 3人次 -c sanli"):
            ran = run(*words.split())
            assert (ran.code, ran.out) == (1, ""), url
            assert "heim" not in ran.err, url
            assert "Traceback" not in ran.err, url
            said = ran.err
        answers.append(f"$ SGTRACK_DB={url} sgtrack status\n{said}退出码 1\n")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = run("status").err
    answers.append(f"$ SGTRACK_DB={url} sgtrack status   # 没有装驱动\n{said}退出码 1\n")
    check_golden("refusals-database.txt", "\n".join(answers))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('FATAL:  password authentication failed for user "zhang"', "不接受这个用户或密码"),
        ('致命错误:  用户 "zhang" Password 认证失败', "不接受这个用户或密码"),
        ('FATAL:  database "ledger" does not exist', "还没有建"),
        ('致命错误:  数据库 "ledger" 不存在', "还没有建"),
        ('root certificate file "/root.crt" does not exist', "加密连接没有建成"),
        ("FATAL:  sorry, too many clients already", "人太多了"),
        ("timeout expired", "连不上"),
    ],
)
def test_errors_of_a_server_are_plain_refusals(
    run: Run, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    import psycopg

    def connect(**_: object) -> None:
        raise psycopg.OperationalError(said)

    monkeypatch.setenv("SGTRACK_DB", "postgresql+psycopg://zhang:geheim@db.example/ledger")
    monkeypatch.setattr(psycopg, "connect", connect)
    ran = run("status")
    assert (ran.code, told in ran.err, "geheim" in ran.err) == (1, True, False)
    assert "改法：" in ran.err
