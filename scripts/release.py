"""Builds a release in dist/, checks it and tries it, for ``make release``. It publishes nothing.

    scripts/release.py              refuses unless the project is ready to be released
    scripts/release.py --rehearse   goes on with what there is

CONTRIBUTING.md has the whole recipe. Needs Linux or macOS, a network, and the programs in
build/tools.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sgtrack import __version__
from try_package import try_package

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
WINDOWS_ZIP = DIST / f"sgtrack-{__version__}-windows.zip"
"""The program for Windows, which ``make windows`` builds."""
TOOLS = ROOT / "build" / "tools" / "bin"
OLDEST_PYTHON, NEWEST_PYTHON = 11, 14
"""Minor versions of Python 3 with which the wheel is tried."""
SUITE = ("tests/model", "tests/targets", "tests/progress", "tests/entry")
"""The tests that run from the unpacked source archive."""


@dataclass(frozen=True, slots=True)
class ProjectState:
    """What decides whether the project is ready to be released."""

    version: str
    changelog: str
    repository: str
    uncommitted: tuple[str, ...]
    is_tagged_elsewhere: bool


def main(arguments: Sequence[str]) -> int:
    """Check, build and try a release; return 0 if it can be published."""
    problems = list(problems_of(read_state()))
    for problem in problems:
        print(f"not ready: {problem}", file=sys.stderr)
    if problems and "--rehearse" not in arguments:
        return 1
    try:
        wheel, sdist = build()
        tried = [f"{one}: ok" for one in try_everything(wheel, sdist)]
    except subprocess.CalledProcessError as failed:
        print(f"failed: {' '.join(map(str, failed.cmd))}", file=sys.stderr)
        return 1
    print("\n".join(tried))
    print("a rehearsal; see what is not ready above" if problems else f"v{__version__} is ready")
    return 1 if problems else 0


def read_state() -> ProjectState:
    """Read version, changelog, settings and the state of git."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    tagged = _git("tag", "--list", f"v{__version__}", "--no-contains", "HEAD")
    return ProjectState(
        __version__,
        (ROOT / "CHANGELOG.md").read_text("utf-8"),
        settings["tool"]["hatch"]["metadata"]["hooks"]["custom"]["repository"],
        tuple(_git("status", "--porcelain").splitlines()),
        bool(tagged),
    )


def problems_of(state: ProjectState) -> Iterator[str]:
    """Yield what must be done before a release."""
    if state.uncommitted:
        yield f"{len(state.uncommitted)} files are not committed: {state.uncommitted[0].strip()} …"
    heading = next(re.finditer(r"^## .*$", state.changelog, re.MULTILINE))[0]
    if not re.fullmatch(rf"## \[{re.escape(state.version)}\] - \d{{4}}-\d\d-\d\d", heading):
        yield (
            f"CHANGELOG.md begins with “{heading}”; the version is {state.version}, so write "
            f"“## [{state.version}] - ” and the day of the release"
        )
    if state.is_tagged_elsewhere:
        yield f"v{state.version} is the tag of another commit; raise __version__"
    if not re.fullmatch(r"https://[^/]+/.*[^/]", state.repository):
        yield (
            "pyproject.toml does not say where the repository is: set `repository` of "
            "[tool.hatch.metadata.hooks.custom] to its address, without / at the end"
        )


def build() -> tuple[Path, Path]:
    """Build the source archive, and the wheel from it; check both and return their paths."""
    for old in [*DIST.glob("*.whl"), *DIST.glob("*.tar.gz")]:
        old.unlink()
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", DIST, ROOT)
    (wheel,), (sdist,) = DIST.glob("*.whl"), DIST.glob("*.tar.gz")
    _run(TOOLS / "twine", "check", "--strict", wheel, sdist)
    strays = archived_files(sdist) ^ {*_git("ls-files", "-z").split("\0"), "PKG-INFO"} - {""}
    if strays:
        print(f"the source archive and git differ: {sorted(strays)}", file=sys.stderr)
        raise subprocess.CalledProcessError(1, ["compare", sdist])
    return wheel, sdist


def archived_files(sdist: Path) -> set[str]:
    """Return the names of the files in a source archive, without its top folder."""
    with tarfile.open(sdist) as archive:
        return {member.name.partition("/")[2] for member in archive if member.isfile()}


def try_everything(wheel: Path, sdist: Path) -> Iterator[str]:
    """Try each way of installing; yield what was tried, and print what cannot be tried here."""
    for minor in range(OLDEST_PYTHON, NEWEST_PYTHON + 1):
        python = f"python3.{minor}"
        if _works(python):
            yield from _try(wheel, python)
        else:
            print(f"{python} is not on PATH: the wheel is not tried with it")
    yield from _try(wheel, str(TOOLS / "pipx"))
    yield from _try(wheel, str(TOOLS / "uv"))
    yield from _try(sdist, sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        _run_suite(sdist, Path(folder))
    yield f"{sdist.name}, its own tests of {', '.join(SUITE)}"
    if WINDOWS_ZIP.exists():
        tests = [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/packed"]
        _run(*tests, SGTRACK_WINDOWS_ZIP=str(WINDOWS_ZIP))
        yield f"{WINDOWS_ZIP.name}, tests/packed"
    else:
        print(f"{WINDOWS_ZIP.name} is not in dist/ and not tried: run `make windows`")


def _try(package: Path, installer: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        try_package(package, installer, Path(folder))
    yield f"{package.name} with {Path(installer).name}"


def _works(python: str) -> bool:
    """Return whether a Python starts; a shim of a version manager may not."""
    found = shutil.which(python)
    return found is not None and not subprocess.run([found, "-c", ""], check=False).returncode


def _run_suite(sdist: Path, folder: Path) -> None:
    """Run the tests of an unpacked source archive with the package built from it."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (unpacked,) = folder.iterdir()
    _run(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    install: list[str | Path] = [python, "-m", "pip", "install", "-q"]
    _run(*install, "--require-hashes", "-r", unpacked / "requirements" / "dev.txt")
    _run(*install, "--no-deps", "--no-build-isolation", unpacked)
    _run(python, "-m", "pytest", "-q", *SUITE, cwd=unpacked)


def _run(*command: str | Path, cwd: Path = ROOT, **variables: str) -> None:
    subprocess.run(command, cwd=cwd, env=os.environ | variables, check=True)


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    ).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
