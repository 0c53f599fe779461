"""Generated inputs: texts of people, machines and attackers, and broken files."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sgtrack.workspace import packaged

PIECES = (
    *"0 1 2 9 ０ ８ 一 二 两 十 百 千 万 亿 零 半 几 多 余 . ． , ， 、 + - − % / ／".split(),
    *"人次 户次 人 名 支 场 场次 次 个 份 学时 小时 篇 例 元".split(),
    *"5.1 7.3 9.1.2 6.8.1 殡葬 档案 3月12日 3-12 2026-03-12 2026/3/12".split(),
    *"昨天 今天 上周三 月底 周 年 月 日 号 第 期 季度 开展 政策宣讲 服务 发放资料".split(),
    *"走访 培训 在 社区 广场 和 等 约 共 参加 张三 欧阳 · ’ ' \"".split(),
    *"\u202e \u200b \u200d \u2066 \ufeff \x00 \x07 \x1b[31m \ud800 \udfff".split(" "),
    *"𠮷 👨\u200d👩\u200d👧 é e\u0301 ﷺ \u0f00 ½ ² ① Ⅷ ٣".split(" "),
    *'=1+1 =HYPERLINK("x") @SUM(A1) ../../x C:\\x {{x}} {%for%} %s &a *a !!python/object'.split(),
    *"-c --json -d -- -e ' $(x) `x` ; | * ~ &amp; <x> ： : （ ） ( ) [ ]".split(),
    *(" ", "  ", "\u3000", "\n", "\t"),
)
"""Pieces that texts of this program are made of, and others that have broken programs."""


def texts(longest: int = 12) -> SearchStrategy[str]:
    """Texts from pieces, from any characters at all, and now and then a very long one."""
    return st.one_of(
        st.lists(st.sampled_from(PIECES), max_size=longest).map("".join),
        st.lists(st.sampled_from(PIECES), max_size=longest).map(" ".join),
        st.text(st.characters(codec=None), max_size=40),
        st.builds(lambda piece, n: piece * n, st.sampled_from(PIECES), st.integers(50, 3000)),
    )


def files(*samples: bytes) -> SearchStrategy[bytes]:
    """Good files with parts of them changed, and files of anything at all."""
    changes = st.lists(
        st.tuples(
            st.sampled_from(("put", "cut", "flip", "double", "end")),
            st.integers(0, 1 << 20),
            st.integers(1, 200),
            st.one_of(st.binary(max_size=8), texts(4).map(_encoded)),
        ),
        max_size=6,
    )
    return st.one_of(
        st.builds(_changed, st.sampled_from(samples), changes),
        st.binary(max_size=400),
        texts(30).map(_encoded),
    )


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _changed(sample: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    content = sample
    for how, place, length, what in changes:
        at = place % (len(content) + 1)
        if how == "put":
            content = content[:at] + what + content[at:]
        elif how == "cut":
            content = content[:at] + content[at + length :]
        elif how == "double":
            content = content[:at] + content[at : at + length] * 2 + content[at + length :]
        elif how == "end":
            content = content[:at]
        elif content:
            at %= len(content)
            content = content[:at] + bytes([content[at] ^ (length % 255 + 1)]) + content[at + 1 :]
    return content


def excel_sample() -> bytes:
    """A sheet of activities as Excel writes it."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("登记")
    for row, cells in enumerate(
        (
            ("日期", "服务项", "标题", "人次", "姓名", "备注"),
            ("2026-03-05", "5.1", "入户", 4, "甲、乙", "=1+1"),
            (46100, "殡葬", "宣讲", "80", "", ""),
        )
    ):
        sheet.write_row(row, 0, cells)
    sheet.merge_range(4, 0, 5, 0, "2026-03-06")
    book.close()
    return made.getvalue()


CSV_SAMPLE = (
    "日期,服务项,标题,人次,姓名\n2026-03-05,5.1,入户,4,甲、乙\n3月6日,殡葬,宣讲,80,\n".encode()
)
YAML_SAMPLE = (packaged("targets") / "sanli.yaml").read_bytes()
TOML_SAMPLE = b'community = "sanli"\n[more]\nx = [1, 2, { y = "z" }]\n'
JSON_SAMPLE = '{"干了啥": "标题", "人数": "人次", "x": {"y": [1, null, 1e999]}}'.encode()


def template_sample(kind: str) -> bytes:
    """A packaged template."""
    return (packaged("templates") / f"brief.{kind}").read_bytes()


def repacked(template: bytes, document: bytes) -> bytes:
    """A Word file with another ``word/document.xml`` in it."""
    made = BytesIO()
    with ZipFile(BytesIO(template)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for one in old.infolist():
            changed = document if one.filename == "word/document.xml" else old.read(one)
            new.writestr(one.filename, changed)
    return made.getvalue()


def document_of(template: bytes) -> bytes:
    """The ``word/document.xml`` of a Word file."""
    with ZipFile(BytesIO(template)) as packed:
        return packed.read("word/document.xml")
