"""No command writes a file or folder whose name Windows cannot hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..support.command_line import Run

OUTPUTS = {
    "export": (".xlsx", "export", "{}"),
    "export --password": (".xlsx", "export", "{}", "--password"),
    "sheet": (".xlsx", "sheet", "{}"),
    "status": (".html", "status", "--html", "{}"),
    "bundle": (".zip", "bundle", "-o", "{}"),
    "dossier": (".zip", "dossier", "-o", "{}"),
    "training": (".md", "people", "training", "-o", "{}"),
    "draft": (".yaml", "targets", "draft", "标书.txt", "-o", "{}"),
    "backup": (".sealed", "backup", "--encrypt", "{}"),
    "init": ("", "init", "{}"),
}
NAMES = ["CON", "nul.1", "a:b", "a?b", "a\nb"]
FOLDERS = ["aux", "尾."]
TENDER = "采购标的\n1、入户访视服务\n服务指标：入户访视50人次。\n"


@pytest.fixture
def logged(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run in a workspace with an activity; the folder of the process has a tender document."""
    monkeypatch.setenv("SGTRACK_COMMUNITY", "sanli")
    monkeypatch.setenv("SGTRACK_PASSPHRASE", "correct horse battery")
    Path("标书.txt").write_text(TENDER, encoding="utf-8")
    assert run("log", "5.1", "3人次", "-d", "6-1").code == 0
    return run


@pytest.mark.about_the_file("a backup")
@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_has_a_name_that_windows_holds(logged: Run, output: str) -> None:
    suffix, *words = OUTPUTS[output]
    before = sorted(Path().rglob("*"))
    for name in [
        *(f"{name}{suffix}" for name in NAMES),
        *(f"{folder}/x{suffix}" for folder in FOLDERS),
    ]:
        ran = logged(*(word.format(name) for word in words))
        assert ran.code == 1, (name, ran.out)
        assert ran.err.startswith("错误："), name
        assert "Traceback" not in ran.err
        assert sorted(Path().rglob("*")) == before, name
    if suffix:
        good = logged(
            *(word.format(f"{'xin' if output == 'draft' else '6月 𠮷'}{suffix}") for word in words)
        )
        assert good.code == 0, good.err
