"""Installs a wheel or source archive in an environment of its own and runs a day with it.

    scripts/try_package.py PACKAGE [PYTHON | pipx | uv]

Without a second argument, the Python that runs this script makes the environment. A Python installs
the locked dependencies, pipx and uv the newest ones, as a user's would. Needs a network. Uses the
standard library only, so that every supported Python can run it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKED = ROOT / "requirements" / "app.txt"
DAY = ROOT / "scripts" / "try_day.sh"


def main() -> int:
    """Try the package; return 0 if the day went well."""
    package = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        try_package(package, sys.argv[2] if len(sys.argv) > 2 else sys.executable, Path(folder))
    print(f"{package.name} works")
    return 0


def try_package(package: Path, installer: str, folder: Path) -> None:
    """Install a package with a Python, pipx or uv in a folder, and run the day.

    Raises:
        CalledProcessError: the installation or the day failed; the reason was printed.
    """
    install = {"pipx": _install_with_pipx, "uv": _install_with_uv}.get(Path(installer).name)
    if install:
        command = install(installer, package, folder)
    else:
        command = _install_with_python(installer, package, folder)
    subprocess.run(["bash", DAY, command], check=True)


def _install_with_python(python: str, package: Path, folder: Path) -> Path:
    subprocess.run([python, "-m", "venv", folder / "venv"], check=True)
    programs = folder / "venv" / "bin"
    install: list[str | Path] = [programs / "python", "-m", "pip", "install", "-q"]
    subprocess.run([*install, "--require-hashes", "-r", LOCKED], check=True)
    subprocess.run([*install, "--no-deps", package], check=True)
    return programs / "sgtrack"


def _install_with_pipx(pipx: str, package: Path, folder: Path) -> Path:
    places = {"PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "bin")}
    subprocess.run([pipx, "install", "-q", package], env=os.environ | places, check=True)
    return folder / "bin" / "sgtrack"


def _install_with_uv(uv: str, package: Path, folder: Path) -> Path:
    places = {"UV_TOOL_DIR": str(folder / "uv"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
    subprocess.run([uv, "tool", "install", "-q", package], env=os.environ | places, check=True)
    return folder / "bin" / "sgtrack"


if __name__ == "__main__":
    sys.exit(main())
