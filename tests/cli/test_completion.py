"""Tab completes items, choices, backups and entries in the shells themselves."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shellingham
from typer.testing import CliRunner

from sgtrack.cli.main import called, program
from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run, run_command
from ..support.files import read_tree
from ..support.loaded_modules import HEAVY, loaded_packages

HERE = ("-c", "sanli")
POSIX = pytest.mark.skipif(os.name != "posix", reason="these shells need a POSIX terminal")


def offered(workspace: Workspace, line: str, shell: str = "bash") -> list[str]:
    """What the program offers for the last word of a line."""
    words = f"sgtrack {line}"
    env = {
        "_SGTRACK_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
        "_TYPER_COMPLETE_ARGS": words,
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": words.rpartition(" ")[2],
        "SGTRACK_HOME": str(workspace.root),
    }
    ran = CliRunner().invoke(program(called(line.split())), env=env, prog_name="sgtrack")
    assert (ran.exit_code, ran.stderr) == (0, "")
    return ran.stdout.splitlines()


def test_items_are_found_by_code_fragment_and_pinyin(workspace: Workspace) -> None:
    assert offered(workspace, "log 7.3.1") == ["7.3.1"]
    assert offered(workspace, "log 殡葬") == ["7.3.1"]
    assert offered(workspace, "explain bz") == ["7.3.1"]
    several = offered(workspace, "log 培训")
    assert "2.2  基层党员培训" in several
    # If all began alike, Bash would replace what was typed with that beginning.
    assert {value[0] for value in several} > {"2", "→"}
    assert all(value.startswith("7.3") for value in offered(workspace, "log 7.3"))
    assert offered(workspace, "log 没有这种服务") == []


def test_communities_are_found_by_name_and_pinyin(workspace: Workspace) -> None:
    for typed in ("san", "三里", "slsq"):
        assert offered(workspace, f"status -c {typed}") == ["sanli"]
    assert len(offered(workspace, "status -c ")) == 2


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("people add 甲 --role 志", ["志愿者"]),
        ("people list --role ", []),
        ("brief --format ", ["md", "docx", "html"]),
        ("brief --format h", ["html"]),
        ("report midterm --format ", ["md", "docx"]),
        ("report county --format ", ["md", "docx", "html"]),
        ("log 5.1 --type ", []),
        ("log 7.1 --type 文", ["文体活动类"]),
        ("log 活动 -c sanli --type 不", []),
        ("--install-completion z", ["zsh"]),
        ("sta", ["status"]),
    ],
)
def test_choices_are_offered(workspace: Workspace, line: str, values: list[str]) -> None:
    assert [value.split("  ")[0] for value in offered(workspace, line)] == values


@pytest.mark.about_the_file("backups")
def test_backups_are_offered_with_their_time(run: Run, workspace: Workspace) -> None:
    run("log", "5.1", "3人次", "-d", "6-1", *HERE)
    run("backup")
    (daily, manual) = sorted(path.name for path in workspace.backups.iterdir())
    lines = offered(workspace, "restore 20")
    assert {line.split("  ")[0] for line in lines} == {
        daily.removesuffix(".db"),
        manual.removesuffix(".db"),
    }
    assert any("手工" in line for line in lines)


def test_each_shell_gets_values_that_it_shows(workspace: Workspace) -> None:
    assert offered(workspace, "log bz", "zsh") == ["7.3.1\t惠民殡葬政策宣讲"]
    assert offered(workspace, "log bz", "fish") == ["bz\t7.3.1 惠民殡葬政策宣讲"]
    assert "基层党员培训\t2.2" in offered(workspace, "log 培训", "fish")
    assert offered(workspace, "log 7.3.1", "powershell") == ["7.3.1:::惠民殡葬政策宣讲"]


@pytest.mark.parametrize("broken", [{"COMP_CWORD": "x"}, {"_SGTRACK_COMPLETE": "complete_tcsh"}])
def test_what_fails_offers_nothing(workspace: Workspace, broken: dict[str, str]) -> None:
    env = {"_SGTRACK_COMPLETE": "complete_bash", "COMP_WORDS": "sgtrack log", "COMP_CWORD": "1"}
    ran = run_command(workspace.root, env=env | broken)
    assert ran == Ran(0, "", "")


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("line", ["log bz", "people add 甲 --role ", "restore ", "log 7.1 --type "])
def test_completion_loads_no_writer(tmp_path: Path, line: str) -> None:
    words = {
        "_SGTRACK_COMPLETE": "complete_bash",
        "COMP_WORDS": f"sgtrack {line}",
        "COMP_CWORD": str(line.count(" ") + 1),
    }
    assert loaded_packages(tmp_path, **words) & HEAVY == set()


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty home folder."""
    folder = tmp_path / "家"
    folder.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    for name in ("ZDOTDIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    return folder


def test_installing_adds_one_line_and_keeps_the_rest(home: Path) -> None:
    before = "alias 甲='ls'".encode("gb18030")
    (home / ".bashrc").write_bytes(before)
    for _ in range(2):
        ran = run_command(None, "--install-completion", "bash")
        assert (ran.code, "已给 bash 装好补全" in ran.out) == (0, True), ran.err
    line = b"source ~/.sgtrack-completion.bash"
    assert (home / ".bashrc").read_bytes() == before + b"\n" + line + b"\n"
    assert sorted(path.name for path in home.iterdir()) == [".bashrc", ".sgtrack-completion.bash"]
    script = (home / ".sgtrack-completion.bash").read_text(encoding="utf-8")
    assert run_command(None, "--show-completion", "bash").out == script


@pytest.mark.parametrize(
    ("shell", "files"),
    [
        ("zsh", {".zshrc", ".sgtrack-completion.zsh"}),
        ("fish", {".config/fish/completions/sgtrack.fish"}),
    ],
)
def test_the_shell_that_is_named_gets_its_script(home: Path, shell: str, files: set[str]) -> None:
    assert run_command(None, "--install-completion", shell).code == 0
    written = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    assert written == files


@POSIX
def test_powershell_says_where_its_profile_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = home / "pwsh"
    fake.write_text(f"#!/bin/sh\necho '{home}/文档/profile.ps1'\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(home), prepend=os.pathsep)
    ran = run_command(None, "--install-completion", "pwsh")
    assert (ran.code, "Set-ExecutionPolicy" in ran.out) == (0, True), ran.err
    profile = (home / "文档" / "profile.ps1").read_text(encoding="ascii")
    assert profile == '. "$HOME/.sgtrack-completion.ps1"\n'
    assert "complete_powershell" in (home / ".sgtrack-completion.ps1").read_text(encoding="ascii")


def no_shell() -> tuple[str, str]:
    raise shellingham.ShellDetectionFailure


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--install-completion", "tcsh"), "终端“tcsh”不能补全"),
        (("--show-completion", "tcsh"), "终端“tcsh”不能补全"),
        (("--install-completion", "cmd"), "在 PowerShell 里运行"),
        (("--install-completion",), "认不出现在用的是哪个终端"),
        (("--show-completion",), "认不出现在用的是哪个终端"),
        (("--install-completion", "pwsh"), "没有找到 pwsh"),
        (("--install-completion", "zsh"), "无法写入"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_installed_is_refused_and_writes_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", no_shell)
    monkeypatch.setenv("PATH", str(home))
    (home / ".zshrc").mkdir()
    before = read_tree(home)
    ran = run_command(None, *words)
    assert (ran.code, said in ran.err, ran.out) == (1, True, ""), ran.err
    assert read_tree(home) == before


def test_without_an_argument_the_running_shell_is_found(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("fish", "/usr/bin/fish"))
    assert run_command(None, "--install-completion").code == 0
    assert (home / ".config/fish/completions/sgtrack.fish").is_file()


def test_help_explains_completion_in_chinese() -> None:
    ran = run_command(None, "--help")
    assert "装上按 Tab 键补全的功能" in ran.out
    assert "--show-completion 终端" in ran.out


SHOWN = "得到["
START = {
    "bash": ("--noprofile", "-i"),
    "zsh": ("-i",),
    "fish": ("--interactive", "--private"),
}


@pytest.fixture(params=START)
def shell(
    request: pytest.FixtureRequest, home: Path, workspace: Workspace, run: Run
) -> Iterator[tuple[str, Any]]:
    """A shell with completion installed, in which ``sgtrack`` only prints its arguments."""
    pexpect = pytest.importorskip("pexpect")
    name = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    run("log", "5.1", "3人次", "-d", "6-1", *HERE)
    program = home / "bin" / "sgtrack"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        f'[ -n "$_SGTRACK_COMPLETE" ] && exec {sys.executable} -m sgtrack "$@"\n'
        f'echo "{SHOWN}$*]"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    assert run_command(None, "--install-completion", name).code == 0
    env = os.environ | {
        "SGTRACK_HOME": str(workspace.root),
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "PYTHONUTF8": "1",
        "INPUTRC": os.devnull,
    }
    child = pexpect.spawn(
        name, list(START[name]), env=env, encoding="utf-8", timeout=90, dimensions=(60, 160)
    )
    child.send("echo ready$((1+1))\r" if name != "fish" else "echo ready(math 1+1)\r")
    child.expect_exact("ready2")
    yield name, child
    child.close(force=True)


LINES = {
    "sgtrack log bz": {"bash": "log 7.3.1", "zsh": "log 7.3.1", "fish": "log bz"},
    "sgtrack log 殡葬": {
        "bash": "log 7.3.1",
        "zsh": "log 7.3.1",
        "fish": "log 惠民殡葬政策宣讲",
    },
    "sgtrack log 培训": {"bash": "log 培训", "zsh": "log 2.1"},
    "sgtrack brief --format ht": dict.fromkeys(START, "brief --format html"),
    "sgtrack people add 甲 --role 老": dict.fromkeys(START, "people add 甲 --role 老年人"),
    "sgtrack log 7.1 --type 公": dict.fromkeys(START, "log 7.1 --type 公益慈善类"),
    "sgtrack stat": dict.fromkeys(START, "status"),
}
"""Lines, and what a shell runs after Tab."""


@POSIX
def test_tab_completes_in_the_shell_itself(shell: tuple[str, Any]) -> None:
    name, child = shell
    for line, results in LINES.items():
        if name not in results:
            continue
        child.send(f"{line}\t")
        child.send("\r")
        child.expect(r"得到\[([^\]\r\n]*)\]")
        assert child.match[1].strip() == results[name], (name, line)
