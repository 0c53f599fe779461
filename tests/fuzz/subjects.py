"""Every reader of outside input, with a strategy that generates inputs for it.

A subject either takes its input or refuses it in plain words. To have another reader tried, add a
``Subject`` to ``SUBJECTS``: the short run of the test suite and the long one both go through it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from PIL import Image

from sgtrack.app.edited_drafts import read_draft
from sgtrack.brief.edited_brief import OwnWords, compare_brief
from sgtrack.brief.marked_places import fill_places
from sgtrack.brief.rendering import render
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import read_amounts
from sgtrack.entry.date_parsing import read_date, read_month
from sgtrack.entry.proposal import propose
from sgtrack.entry.series_names import read_series_title
from sgtrack.entry.text_cleaning import clean, clean_names
from sgtrack.evidence.evidence_store import evidence_writer, inspect
from sgtrack.files import replacing
from sgtrack.ledger.issued_briefs import read_issued_briefs
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.model.masking import NameMasker, NameReplacer
from sgtrack.pictures.photos import shrink
from sgtrack.privacy import encryption
from sgtrack.privacy.encryption import decrypt_file, encrypt_file
from sgtrack.sentence.report_reading import read_report
from sgtrack.sentence.sentence_reader import read_sentence
from sgtrack.sheets.headings import find_layout, read_remembered
from sgtrack.sheets.roster_table import read_people
from sgtrack.sheets.row_parsing import read_rows
from sgtrack.sheets.table_reader import read_tables
from sgtrack.targets.loading import load_file
from sgtrack.targets.lookup import find_item
from sgtrack.tender.documents import read_content, read_word
from sgtrack.tender.draft_builder import build_drafts
from sgtrack.tender.draft_writer import to_yaml
from sgtrack.workspace import Workspace, make_workspace

from ..support.command_line import run_command
from ..support.files import read_tree
from ..support.ledgers import read
from .inputs import (
    CSV_SAMPLE,
    JSON_SAMPLE,
    TOML_SAMPLE,
    YAML_SAMPLE,
    document_of,
    excel_sample,
    files,
    repacked,
    template_sample,
    texts,
)

TODAY = date(2026, 6, 30)


@dataclass
class Place:
    """A workspace with a few entries and an issued brief, and a scratch folder."""

    root: Path
    scrap: Path = field(init=False)

    def __post_init__(self) -> None:
        self.scrap = self.root / "scrap"
        self.scrap.mkdir()

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace; logged through the command line once."""
        made = make_workspace(self.root / "workspace", "sanli")
        for line in (
            "log 5.1 3人次 -d 3-1 -t 入户",
            "people add 欧阳翡翠 工甲",
            "log 9.1.2 8学时 --who 欧阳翡翠 -t 讲课 -d 3-2",
            "brief --month 3 --issue --yes",
        ):
            ran = run_command(made.root, *line.split())
            assert ran.code == 0, ran.err
        return made

    @cached_property
    def project(self) -> Project:
        """The contract."""
        project, _ = load_file(self.workspace.targets / "sanli.yaml")
        assert project is not None
        return project

    @cached_property
    def context(self) -> dict[str, Any]:
        """The context of a brief's template."""
        brief = read(read_issued_briefs, self.workspace.ledger, "sanli")[0]
        values: dict[str, Any] = json.loads(brief.context)
        return values | {
            "charts": (),
            "photos": (),
        }

    @cached_property
    def issued(self) -> bytes:
        """The Word file of the issued brief."""
        return (self.workspace.briefs / "sanli-2026-03.docx").read_bytes()

    def file(self, name: str, content: bytes) -> Path:
        """A file with the input in it."""
        path = self.scrap / name
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        return path


@dataclass(frozen=True)
class Subject:
    """A reader: its name, a strategy for its inputs, and a function that reads one.

    ``slow`` subjects get a small part of the inputs.
    """

    name: str
    inputs: SearchStrategy[Any]
    take: Callable[[Place, Any], object]
    slow: bool = False


def _dates(place: Place, text: str) -> None:
    read_date(text, TODAY, place.project.period)


def _months(place: Place, text: str) -> None:
    read_month(text, TODAY, place.project.period)


def _activities(place: Place, words: tuple[str, ...]) -> None:
    item, amount, day, title, where, kind, note, also = words
    propose(
        place.project,
        ActivityInput(
            item=item,
            amounts=tuple(read_amounts([amount])),
            day=day,
            title=title,
            place=where,
            activity_type=kind,
            note=note,
            also=(also,) * bool(also),
        ),
        TODAY,
    )


def _reports(place: Place, text: str) -> None:
    for one in read_report(place.project, text, TODAY).events:
        read_sentence(place.project, one, TODAY)


def _targets(place: Place, content: bytes) -> None:
    folder = place.root / "targets"
    if not folder.exists():
        (folder / "x").mkdir(parents=True)
        (place.root / "fuzzed").mkdir()
        for shared in place.workspace.targets.iterdir():
            if shared.is_dir():
                (folder / shared.name).symlink_to(shared)
    path = folder / "fuzzed.yaml"
    path.write_bytes(content)
    load_file(path)


def _settings(place: Place, content: bytes) -> None:
    (place.scrap / "sgtrack.toml").write_bytes(content)
    Workspace(place.scrap).default_community()


def _headings(place: Place, content: bytes) -> None:
    (place.scrap / "headings.json").write_bytes(content)
    read_remembered(place.scrap)


def _sheets(name: str) -> Callable[[Place, bytes], None]:
    def take(place: Place, content: bytes) -> None:
        for table in read_tables(place.file(name, content), lambda _: "x"):
            layout = find_layout(table, {})
            if layout is not None:
                list(read_rows(place.project, layout, TODAY))
            read_people(place.project, table, "志愿者", TODAY)

    return take


def _template(kind: str) -> Callable[[Place, bytes], None]:
    def take(place: Place, content: bytes) -> None:
        render(place.file(f"brief.{kind}", content), place.context)

    return take


def _edited_brief(place: Place, content: bytes) -> None:
    draft = read_draft(place.file("edited.docx", content))
    filled = fill_places(draft.content, "edited.docx", place.issued, "2026年6月30日", "0" * 19)
    generated = read_word(place.issued, "issued.docx").blocks
    compare_brief(generated, read_word(filled, "edited.docx").blocks, OwnWords((), ()))


def _photos(place: Place, content: bytes) -> None:
    shrink(place.file("photo.jpg", content))


def _evidence(place: Place, given: tuple[str, bytes]) -> None:
    name, content = given
    path = place.scrap / "evidence" / name
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    except (OSError, ValueError):  # the system itself takes no such name
        pass
    with evidence_writer(place.scrap / "store", [], dry_run=True) as store:
        store.store_files([inspect(path)])


def _replaced(place: Place, given: tuple[str, str]) -> None:
    name, text = given
    if name.strip():
        NameReplacer(name, "居民0000", ("张三", name)).text(text)
    NameMasker([name, "张三"]).text(text)


def _commands(place: Place, words: list[str]) -> None:
    """Run a command line; a refused one must leave every byte as it was."""
    before = read_tree(place.workspace.root)
    env = {"SGTRACK_TODAY": TODAY.isoformat()}
    ran = run_command(place.workspace.root, *words, input="", env=env)
    if "程序出了错" in ran.err:
        raise AssertionError(ran.err)
    if ran.code not in (0, 1, 2):
        raise AssertionError(f"exit code {ran.code}")
    if ran.code and read_tree(place.workspace.root) != before:
        raise AssertionError("refused, and the workspace has changed")
    if ran.code:
        raise Refused(ran.err or "no")


def _merged(place: Place, content: bytes) -> None:
    _commands(place, ["merge", str(place.file("x.zip", content)), "--dry-run"])


@cache
def _bundle_sample() -> bytes:
    """A bundle with an activity in it."""
    with TemporaryDirectory() as folder:
        root, packed = Path(folder) / "laptop", Path(folder) / "x.zip"
        make_workspace(root, "sanli")
        for words in (("log", "5.1", "3人次", "-d", "3-1"), ("bundle", "-o", str(packed))):
            ran = run_command(root, *words)
            assert ran.code == 0, ran.err
        return packed.read_bytes()


def _tender(name: str) -> Callable[[Place, bytes], None]:
    def take(place: Place, content: bytes) -> None:
        for found in build_drafts(read_content(content, name), TODAY):
            to_yaml(found)

    return take


TENDER = """采购包1 甲山社区
一、提供救助服务
1.开展入户访视50人次；每月至少2次，每场不少于30人；
2.每月25日前提交简报；8-10场，三场以上，其中政策宣讲4场。
"""


def _pasted(place: Place, text: str) -> None:
    words = ("log", "--paste", "--dry-run", "--yes")
    pasted = text.encode("utf-8", "surrogatepass")
    ran = run_command(place.workspace.root, *words, input=pasted)
    if "程序出了错" in ran.err:
        raise AssertionError(ran.err)


def _sealed(place: Place, content: bytes) -> None:
    decrypt_file(place.file("x.sealed", content), place.scrap / "opened", "一句又长又好记的话")


def _sealed_sample() -> bytes:
    """An encrypted file with cheap key derivation."""
    with TemporaryDirectory() as folder, mock.patch.object(encryption, "_LOG_N", 10):
        encrypt_file(BytesIO(b"content" * 20), Path(folder) / "x", "一句又长又好记的话", replacing)
        return (Path(folder) / "x").read_bytes()


def _picture(kind: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, kind)
    return made.getvalue()


COMMANDS = (
    *("log", "status", "list", "show", "explain", "due", "amend", "void", "people add", "targets"),
    *("people void", "people list", "evidence add", "evidence void", "evidence list", "verify"),
    *("check", "brief", "forget", "import", "export", "restore", "backup list", "report midterm"),
)
OPTIONS = (
    *("-d", "-t", "--place", "--who", "--type", "--also", "--note", "-e", "-r", "-c", "--json"),
    *("--dry-run", "--again", "--month", "--format", "--as-of", "--role", "--since", "--yes"),
    *("--with-names", "--all", "--text", "--map", "--weeks", "--close", "--item"),
)


def command_lines() -> SearchStrategy[list[str]]:
    """Command lines that look like real ones, and do not write outside the workspace."""
    word = texts(5).filter(lambda text: "/" not in text and "\\" not in text)
    options = st.lists(st.tuples(st.sampled_from(OPTIONS), word), max_size=4)
    return st.builds(
        lambda command, words, chosen: [
            *command.split(),
            *words,
            *(part for pair in chosen for part in pair),
        ],
        st.sampled_from(COMMANDS),
        st.lists(word, max_size=3),
        options,
    )


def activities() -> SearchStrategy[tuple[str, ...]]:
    """The fields of an activity, mostly valid so that the invalid ones are reached."""

    def mostly(*right: str) -> SearchStrategy[str]:
        return st.one_of(*[st.sampled_from(right)] * 8, texts(4))

    return st.tuples(
        mostly("5.1", "7.3.1", "9.1.2", "6.8.1", "7.1", "殡葬"),
        mostly("3人次", "1", "2.5学时", "1个", "2支"),
        mostly("3-12", "今天", "2026-03-12"),
        mostly("入户", "小组甲"),
        mostly("", "社区广场"),
        mostly("", "文体活动类"),
        mostly("", "备注"),
        mostly("", "7.4"),
    )


_EXCEL = excel_sample()
_WORD = template_sample("docx")
_DOCUMENT = document_of(_WORD)

SUBJECTS = (
    Subject("amounts", st.lists(texts(), max_size=3), lambda _, words: read_amounts(words)),
    Subject("dates", texts(), _dates),
    Subject("months", texts(), _months),
    Subject("titles and notes", texts(20), lambda _, text: clean(text, "标题")),
    Subject("names", st.lists(texts(), max_size=3), lambda _, words: clean_names(words)),
    Subject("titles of groups", texts(20), lambda _, text: read_series_title(text)),
    Subject("items", texts(4), lambda place, text: find_item(place.project, text)),
    Subject("activities", activities(), _activities),
    Subject("sentences", texts(30), lambda p, text: read_sentence(p.project, text, TODAY)),
    Subject("reports", st.lists(texts(20), max_size=4).map("\n".join), _reports),
    Subject("names in texts", st.tuples(texts(3), texts(20)), _replaced),
    Subject("settings", files(TOML_SAMPLE), _settings),
    Subject("headings", files(JSON_SAMPLE), _headings),
    Subject("csv", files(CSV_SAMPLE), _sheets("x.csv")),
    Subject("xlsx", files(_EXCEL), _sheets("x.xlsx")),
    Subject("xls", files(_EXCEL[:200] + b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _sheets("x.xls")),
    Subject("sealed files", files(_sealed_sample()), _sealed, slow=True),
    Subject("evidence", st.tuples(texts(4), st.binary(max_size=20)), _evidence),
    Subject("photos", files(*(_picture(k) for k in ("JPEG", "PNG", "GIF", "TIFF"))), _photos),
    Subject("target files", files(YAML_SAMPLE), _targets, slow=True),
    Subject("tender texts", files(TENDER.encode()), _tender("x.txt")),
    Subject("tender documents", files(_WORD), _tender("x.docx"), slow=True),
    Subject("bundles", st.deferred(lambda: files(_bundle_sample())), _merged, slow=True),
    Subject("Markdown templates", files(template_sample("md")), _template("md"), slow=True),
    Subject("Word templates", files(_WORD), _template("docx"), slow=True),
    Subject(
        "Word documents",
        files(_DOCUMENT).map(lambda document: repacked(_WORD, document)),
        _template("docx"),
        slow=True,
    ),
    Subject("edited briefs", files(_WORD), _edited_brief, slow=True),
    Subject(
        "edited documents",
        files(_DOCUMENT).map(lambda document: repacked(_WORD, document)),
        _edited_brief,
        slow=True,
    ),
    Subject("pasted reports", st.lists(texts(20), max_size=4).map("\n".join), _pasted, slow=True),
    Subject("command lines", command_lines(), _commands, slow=True),
)


def attempt(subject: Subject, place: Place, given: Any) -> bool:
    """Try one input; return whether it was accepted rather than refused in plain words.

    Raises:
        Exception: neither, which is what the run is there to find.
    """
    try:
        with _quiet():
            subject.take(place, given)
    except Refused as refused:
        if not refused.message:
            raise AssertionError("refused without a word") from None
        refused.message.encode("utf-8", "replace")
        return False
    return True


@contextmanager
def _quiet() -> Iterator[None]:
    before = sys.stderr
    sys.stderr = StringIO()
    try:
        yield
    finally:
        sys.stderr = before
