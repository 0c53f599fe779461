"""No output of any command replaces a file that sgtrack did not write, however it is spelled.

An output that cannot be replaced, because another program has it open, is refused plainly.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from sgtrack import outputs
from sgtrack.cli.main import program
from sgtrack.model.errors import Refused
from sgtrack.privacy.redact_workspace import SECRET_FILE
from sgtrack.scratch import SCRATCH
from sgtrack.sheets import headings
from sgtrack.workspace import SETTINGS, Workspace

from ..support.command_line import Run
from ..support.files import in_use, read_tree

OUTPUTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("export", "output"): (".xlsx", "export", "{}"),
    ("export", "protect"): (".xlsx", "export", "{}", "--password"),
    ("sheet", "output"): (".xlsx", "sheet", "{}"),
    ("status", "html"): (".html", "status", "--html", "{}"),
    ("bundle", "path"): (".zip", "bundle", "-o", "{}"),
    ("dossier", "output"): (".zip", "dossier", "-o", "{}"),
    ("people training", "output"): (".md", "people", "training", "-o", "{}"),
    ("targets draft", "output"): (".yaml", "targets", "draft", "标书.txt", "-o", "{}"),
    ("backup", "sealed"): ("", "backup", "--encrypt", "{}"),
}
"""The suffix and a command line of each parameter that names an output."""
AT_USUAL_PLACES = {
    "brief": ("briefs/sanli-2026-06", (".md", ".docx"), ("brief", "-m", "6")),
    "issued brief": (
        "briefs/sanli-2026-06",
        (".md", ".docx"),
        ("brief", "-m", "6", "--issue", "--yes"),
    ),
    "brief page": ("briefs/sanli-2026-06", (".html",), ("brief", "-m", "6", "--format", "html")),
    "all briefs": ("briefs/sanli-2026-06", (".md", ".docx"), ("brief", "-m", "6", "--all")),
    "midterm": ("reports/sanli-midterm", (".md", ".docx"), ("report", "midterm")),
    "county": ("reports/county", (".md", ".docx"), ("report", "county")),
    "dossier": ("reports/sanli-dossier", (".zip",), ("dossier",)),
}
NOT_OUTPUTS = {
    *("sgtrack home", "import file", "people import file", "log files", "amend files"),
    *("evidence add files", "merge paths", "init folder", "targets draft file", "brief source"),
}
"""The other parameters for paths; ``init`` has tests of its own."""
BESIDE = {"brief", "brief page", "all briefs"}
"""The documents that are laid beside an edited one, under a name with a number."""
MINE = b"written by hand"


def parameters(command: Any, words: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every parameter for a path or a file, with the words of its command."""
    for param in command.params:
        if param.type_descriptor.annotation is Path or "文件" in str(param.metavar):
            yield words or "sgtrack", param
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from parameters(child, f"{words} {name}".strip())


def test_every_parameter_for_a_path_is_tested_here_or_no_output() -> None:
    found = {(words, param.name) for words, param in parameters(get_command(program()))}
    other = {(words, name) for words, name in found if f"{words} {name}" not in NOT_OUTPUTS}
    assert other == OUTPUTS.keys() - {("export", "protect")}


def test_the_names_of_the_workspace_are_those_of_the_program(workspace: Workspace) -> None:
    own = {workspace.root / name for name in outputs.OWN_FOLDERS | outputs.OWN_FILES}
    assert {workspace.targets, workspace.templates, workspace.evidence, workspace.backups} < own
    assert SCRATCH in outputs.OWN_FOLDERS
    names = {SECRET_FILE, SETTINGS, headings.REMEMBERED, outputs.RECORD, "ledger.db"}
    assert names < outputs.OWN_FILES


@pytest.fixture
def logged(run: Run, monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> Run:
    """Run in a workspace with an activity and all files a workspace can have."""
    monkeypatch.setenv("SGTRACK_COMMUNITY", "sanli")
    monkeypatch.setenv("SGTRACK_PASSPHRASE", "correct horse battery")
    Path("标书.txt").write_text("采购标的\n1、入户\n服务指标：入户访视50人次。\n", encoding="utf-8")
    Path("签到.jpg").write_bytes(b"signed")
    assert run("log", "5.1", "3人次", "-d", "6-1", "-e", "签到.jpg").code == 0
    assert run("bundle", "-o", "x.zip").code == 0
    (workspace.root / "headings.json").write_text("{}", encoding="utf-8")
    (workspace.root / "sgtrack.toml").write_text('community = "sanli"\n', encoding="utf-8")
    return run


def command_for(output: tuple[str, str], path: Path) -> list[str]:
    """The command line that writes an output to a path."""
    return [word.format(path) for word in OUTPUTS[output][1:]]


def her_files(workspace: Workspace) -> list[Path]:
    """One file of each kind that no output may replace."""
    named = ("ledger.db", "forget.key", "sgtrack.toml", "headings.json", "outputs.sha256")
    patterns = ("evidence/*/*", "backups/*", "targets/sanli.yaml", "templates/brief.md")
    return [
        *(workspace.root / name for name in named),
        *(next(workspace.root.glob(pattern)) for pattern in patterns),
    ]


def ways(file: Path, suffix: str) -> Iterator[Path]:
    """Yield paths that lead to a file: its own, relative, in other case, by links."""
    yield file
    yield Path(os.path.relpath(file))
    yield file.parent / ".." / file.parent.name / file.name
    yield file.with_name(file.name.upper())
    symbolic = Path(f"symbolic{suffix}")
    symbolic.unlink(missing_ok=True)
    folder = Path("folder")
    folder.unlink(missing_ok=True)
    with suppress(OSError):  # only administrators make symbolic links on Windows
        symbolic.symlink_to(file)
        folder.symlink_to(file.parent, target_is_directory=True)
    if symbolic.is_symlink():  # Wine makes no link, and reports no error
        yield symbolic
        yield folder / file.name
    # A name of its own, because Windows removes no link to a read-only file.
    hard = Path(f"hard-{file.name}{suffix}")
    hard.hardlink_to(file)
    yield hard


@pytest.mark.about_the_file("the ledger's file")
@pytest.mark.parametrize("output", OUTPUTS, ids=" ".join)
def test_no_output_replaces_a_file_of_the_workspace(
    logged: Run, workspace: Workspace, output: tuple[str, str]
) -> None:
    suffix = OUTPUTS[output][0]
    before = read_tree(workspace.root)
    for n, file in enumerate(her_files(workspace)):
        every_way = list(ways(file, suffix))
        # The next test tries every way with every file.
        path = every_way[n % len(every_way)]
        ran = logged(*command_for(output, path))
        assert ran.code == 1, (path, ran.out)
        assert ran.err.startswith("错误："), (path, ran.err)
        assert read_tree(workspace.root) == before, path


@pytest.mark.about_the_file("the ledger's file")
@pytest.mark.parametrize("are_targets", [False, True])
def test_no_spelling_and_no_link_leads_to_a_file_of_the_workspace(
    logged: Run, workspace: Workspace, are_targets: bool
) -> None:
    for file in her_files(workspace):
        for path in ways(file, ".x"):
            if not are_targets or file.parent != workspace.targets or path.exists():
                with pytest.raises(Refused):
                    outputs.check_outputs(workspace, [path], are_targets=are_targets)


@pytest.mark.about_the_file("the ledger's file")
@pytest.mark.parametrize("output", OUTPUTS, ids=" ".join)
def test_no_output_is_put_among_the_files_of_the_workspace(
    logged: Run, workspace: Workspace, output: tuple[str, str]
) -> None:
    suffix = OUTPUTS[output][0]
    shutil.rmtree(workspace.backups)
    names = ["Evidence/a", "backups/20260101-000000-daily", "templates/brief"]
    if output != ("targets draft", "output"):
        names.append("targets/new")
    for name in names:
        before = read_tree(workspace.root)
        path = workspace.root / f"{name}{suffix}"
        assert logged(*command_for(output, path)).code == 1, name
        assert read_tree(workspace.root) == before


@pytest.mark.about_the_file("a backup")
@pytest.mark.parametrize("output", OUTPUTS, ids=" ".join)
def test_an_output_is_written_again_but_never_over_her_own(
    logged: Run, workspace: Workspace, output: tuple[str, str]
) -> None:
    path = Path(f"xin{OUTPUTS[output][0]}")
    command = command_for(output, path)
    path.write_bytes(MINE)
    ran = logged(*command)
    assert ran.code == 1, ran.out
    assert path.read_bytes() == MINE
    path.unlink()
    assert logged(*command).code == 0
    if output != ("targets draft", "output"):
        assert logged("log", "5.1", "4人次", "-d", "6-2").code == 0
        assert logged(*command).code == 0
    edited = path.read_bytes() + MINE
    path.write_bytes(edited)
    assert logged(*command).code == 1
    assert path.read_bytes() == edited
    path.chmod(0o400)
    assert logged(*command).code == 1


@pytest.mark.parametrize("name", AT_USUAL_PLACES)
def test_a_document_at_its_usual_place_replaces_only_what_was_written(
    logged: Run, workspace: Workspace, name: str
) -> None:
    stem, suffixes, words = AT_USUAL_PLACES[name]
    paths = [workspace.root / f"{stem}{suffix}" for suffix in suffixes]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(MINE)
        entries = logged("list", "--json").out
        assert logged(*words).code == (0 if name in BESIDE else 1)
        assert path.read_bytes() == MINE
        assert logged("list", "--json").out == entries
        path.unlink()
    assert logged(*words).code == 0
    again = [word for word in words if word not in ("--issue", "--yes")]
    assert logged("log", "5.1", "4人次", "-d", "6-2").code == 0
    assert logged(*again).code == 0
    for path in paths:
        content = path.read_bytes()
        path.write_bytes(content + MINE)
        assert logged(*again).code == (0 if words[0] == "brief" else 1)
        assert path.read_bytes() == content + MINE
        path.write_bytes(content)


def test_a_new_draft_lies_beside_the_one_she_edited(logged: Run, workspace: Workspace) -> None:
    usual = workspace.briefs / "sanli-2026-06.docx"
    beside = [workspace.briefs / f"sanli-2026-06-新{number}.docx" for number in (1, 2)]
    assert logged("brief", "-m", "6").code == 0
    usual.write_bytes(MINE)
    assert logged("log", "5.1", "4人次", "-d", "6-2").code == 0
    ran = logged("brief", "-m", "6")
    assert (ran.code, usual.read_bytes(), beside[0].is_file()) == (0, MINE, True)
    assert (
        f"{usual} 改过（或不是 sgtrack 写的），没有动它；新的写在旁边：{beside[0].name}" in ran.out
    )
    assert str(beside[0]) in ran.out.replace(f"：{beside[0].name}", "")
    # What was not edited is replaced, also under the other name; the page was never edited.
    older = beside[0].read_bytes()
    assert logged("log", "5.1", "9人次", "-d", "6-3").code == 0
    assert logged("brief", "-m", "6").code == 0
    assert beside[0].read_bytes() != older
    assert not beside[1].exists()
    assert not (workspace.briefs / "sanli-2026-06-新1.md").exists()
    beside[0].write_bytes(MINE * 2)
    ran = logged("brief", "-m", "6", "--json")
    assert {row["file"] for row in json.loads(ran.out)} == {
        str(usual.with_suffix(".md")),
        str(beside[1]),
    }
    assert usual.name in ran.err
    assert (usual.read_bytes(), beside[0].read_bytes()) == (MINE, MINE * 2)


@pytest.mark.about_the_file("a backup")
@pytest.mark.parametrize(
    "output", sorted(OUTPUTS.keys() - {("targets draft", "output")}), ids=" ".join
)
def test_an_output_in_use_is_refused_and_stays(
    logged: Run, workspace: Workspace, output: tuple[str, str]
) -> None:
    path = Path(f"xin{OUTPUTS[output][0]}")
    command = command_for(output, path)
    assert logged(*command).code == 0
    assert logged("log", "5.1", "4人次", "-d", "6-2").code == 0
    before = read_tree(Path.cwd()), read_tree(workspace.evidence)
    with in_use(path):
        ran = logged(*command)
    assert ran.code == 1, ran.out
    assert str(path) in ran.err.splitlines()[0]
    assert "没有权限" in ran.err
    assert "先关掉" in ran.err
    assert (read_tree(Path.cwd()), read_tree(workspace.evidence)) == before


@pytest.mark.parametrize("name", AT_USUAL_PLACES)
def test_a_document_in_use_is_refused_and_stays(
    logged: Run, workspace: Workspace, name: str
) -> None:
    stem, suffixes, words = AT_USUAL_PLACES[name]
    again = [word for word in words if word not in ("--issue", "--yes")]
    assert logged(*again).code == 0
    assert logged("log", "5.1", "4人次", "-d", "6-2").code == 0
    for suffix in suffixes:
        path = workspace.root / f"{stem}{suffix}"
        content = path.read_bytes()
        with in_use(path):
            ran = logged(*(words if suffix == suffixes[0] else again))
        assert ran.code == 1, ran.out
        assert f"{path} " in ran.err
        assert "没有权限" in ran.err
        assert path.read_bytes() == content
    # A brief is issued before its files are written, so only the files are still missing.
    issued = json.loads(logged("brief", "list", "--json").out)
    assert len(issued) == (name == "issued brief")
    assert logged(*again).code == 0


@pytest.mark.about_the_file("a database is backed up by its administrator")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_what_is_no_file_is_no_output(logged: Run) -> None:
    os.mkfifo("pipe.xlsx")
    for path in ("pipe.xlsx", "/dev/null"):
        ran = logged("backup", "--encrypt", path)
        assert (ran.code, "不是普通文件" in ran.err) == (1, True)


def test_the_record_of_outputs_stays_small_and_survives_damage(
    logged: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "_MOST_RECORDED", 6)
    record = workspace.root / outputs.RECORD
    for amount in range(2, 12):
        assert logged("log", "5.1", f"{amount}人次", "-d", "6-2", "--again").code == 0
        assert logged("status", "--html", "x.html").code == 0
    assert len(record.read_text(encoding="ascii").split("\n")) < 16
    record.write_bytes(record.read_bytes() + b"\xff\xfe half of a li")
    assert logged("log", "5.1", "20人次", "-d", "6-2", "--again").code == 0
    assert logged("status", "--html", "x.html").code == 0
    assert logged("status", "--html", "x.html").code == 0
