"""Builds the program for Windows, on Linux under Wine. ``make windows`` calls it.

The result is ``dist/sgtrack-VERSION-windows.zip``: a folder with ``sgtrack.exe``, the
READMEs, the targets and the templates. The program needs neither Python nor an administrator.
``wine.py`` says what the build needs. After the build, ``tests/packed`` unpacks the zip and works
with the program for a day.

    scripts/make_windows.py --no-trial                  build without the trial
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from PIL import Image, ImageDraw

import wine
from check_supply import licence_of
from sgtrack import __version__
from wine import C_DRIVE, ROOT, Failed, in_wine

NAME = f"sgtrack-{__version__}"
ZIP = ROOT / "dist" / f"{NAME}-windows.zip"
BUILD = C_DRIVE / "build"
"""The folder for the files of the build; Windows programs see it as ``C:\\build``."""
PYTHON = "builder"
r"""The folder of the Python for the build, ``C:\builder``: it has only needed packages."""
BESIDE = ("README.zh-CN.md", "README.md", "LICENSE", "docs/zh/*", "docs/images/first-month-*")
"""Patterns of project files that the zip contains beside the program."""
LICENCES = "LICENSES-of-parts.txt"
BUILD_ONLY = {"altgraph", "pefile", "pyinstaller-hooks-contrib", "pywin32-ctypes", "setuptools"}
"""Packages that only the build needs. PyInstaller is not one: its code starts the program."""
UNUSED = (
    *("tkinter", "setuptools", "pkg_resources", "pydantic.mypy"),
    *("numpy.f2py", "numpy.testing", "PIL._avif"),
)
"""Modules that packages import only for functions that sgtrack does not use."""
BUILD_SECONDS = 60 * 60
"""Time limit of the build."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of all files in the zip, so that the same program makes the same zip."""


def main() -> int:
    """Build the zip, try it, and return the exit code."""
    try:
        wine.set_up()
        wine.add_python(PYTHON, "windows.txt")
        wine.copy_project()
        folder = _build()
        _remove_unused(folder / "_internal")
        _add_files_beside(folder)
        _pack(folder)
        print(f"{ZIP.relative_to(ROOT)}: {ZIP.stat().st_size / wine.MEGABYTE:.0f} MB", flush=True)
        if "--no-trial" not in sys.argv[1:]:
            return _try()
    except Failed as failed:
        print(f"make_windows: {failed}", file=sys.stderr)
        return 1
    return 0


def _build() -> Path:
    """Run PyInstaller, and return the folder of the program.

    Raises:
        Failed: PyInstaller failed or took too long; the message ends with the last lines of its
            log if there is no program.
    """
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir()
    _draw_icon().save(BUILD / "sgtrack.ico", sizes=[(n, n) for n in (16, 32, 48, 256)])
    (BUILD / "version.txt").write_text(_version_resource(), "utf-8")
    options = ["--noconfirm", "--onedir", "--console", "--log-level=WARN", "--name=sgtrack"]
    options += [r"--icon=C:\build\sgtrack.ico", r"--version-file=C:\build\version.txt"]
    options += [f"--{part}path=C:\\build\\{part}" for part in ("dist", "work", "spec")]
    # Commands are imported by their names, and files such as words.yaml are read as data.
    options += ["--collect-submodules=sgtrack", "--collect-data=sgtrack"]
    options += [f"--exclude-module={name}" for name in UNUSED]
    python = f"C:\\{PYTHON}\\python.exe"
    command = in_wine("wine", python, "-m", "PyInstaller", *options, r"src\sgtrack\__main__.py")
    with (BUILD / "log.txt").open("w+", encoding="utf-8", errors="replace") as log:
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=BUILD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"the build was stopped after {BUILD_SECONDS} s") from None
    folder = BUILD / "dist" / "sgtrack"
    if not (folder / "sgtrack.exe").exists():
        last = (BUILD / "log.txt").read_text("utf-8", "replace").splitlines()[-15:]
        raise Failed("\n".join(["PyInstaller failed", *last]))
    return folder


def _remove_unused(inside: Path) -> None:
    """Remove files that sgtrack never reads; some have long paths, which Windows limits."""
    for pattern in ("lxml/isoschematron", "docx/templates/default-docx-template", "*.dist-info/*"):
        for path in inside.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)


def _draw_icon() -> Image.Image:
    """Draw the icon: three bars of progress, the last one ticked off."""
    icon = Image.new("RGBA", (256, 256))
    draw = ImageDraw.Draw(icon)
    draw.rounded_rectangle((8, 8, 247, 247), 48, fill="#b3261e")
    for top, end in ((56, 168), (108, 136), (160, 104)):
        draw.rounded_rectangle((48, top, end, top + 28), 10, fill="white")
    draw.line(((128, 176), (160, 208), (216, 128)), fill="white", width=24, joint="curve")
    return icon


def _version_resource() -> str:
    """Return the name and the version that Windows shows in the properties of the program."""
    numbers = [int(number) for number in re.findall(r"\d+", __version__)[:3]]
    version = tuple([*numbers, 0, 0, 0, 0][:4])
    strings = {
        "FileDescription": "sgtrack 社工站合同指标管家",
        "FileVersion": __version__,
        "InternalName": "sgtrack",
        "OriginalFilename": "sgtrack.exe",
        "ProductName": "sgtrack",
        "ProductVersion": __version__,
    }
    table = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={version}, prodvers={version}), kids=["
        f"StringFileInfo([StringTable('080404b0', [{table}])]), "
        "VarFileInfo([VarStruct('Translation', [0x0804, 1200])])])\n"
    )


def _add_files_beside(folder: Path) -> None:
    for path in (path for pattern in BESIDE for path in ROOT.glob(pattern)):
        beside = folder / path.relative_to(ROOT)
        beside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, beside)
    for name in ("targets", "templates"):
        shutil.copytree(C_DRIVE / "sgtrack" / name, folder / name)
    (folder / LICENCES).write_text("\n".join(_licence_texts()), "utf-8", newline="\r\n")


def _licence_texts() -> Iterator[str]:
    """Yield the licence of each package in the program, and of Python."""
    yield "sgtrack.exe contains these packages, unchanged. Their licences:\n"
    python = C_DRIVE / PYTHON
    parts = sorted(
        distributions(path=[str(python / "Lib/site-packages")]),
        key=lambda part: str(part.metadata["Name"]).lower(),
    )
    yield f"{'=' * 78}\nPython {wine.PYTHON_VERSION}: PSF-2.0\n"
    yield (python / "LICENSE.txt").read_text("utf-8", "replace")
    for part in parts:
        if part.metadata["Name"].lower() not in BUILD_ONLY:
            yield f"{'=' * 78}\n{part.metadata['Name']} {part.version}: {licence_of(part)}\n"
            yield from _files_of_licence(part)


def _files_of_licence(part: Distribution) -> Iterator[str]:
    for file in part.files or ():
        if re.match(r"(?i)(licen[cs]e|copying|notice)", file.name) and file.suffix != ".py":
            yield Path(str(file.locate())).read_text("utf-8", "replace")


def _pack(folder: Path) -> None:
    """Write the zip, with its files sorted and without their times."""
    ZIP.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(ZIP, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = f"{NAME}/{path.relative_to(folder).as_posix()}"
                info = zipfile.ZipInfo(name, EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(info, path.read_bytes(), compresslevel=9)


def _try() -> int:
    """Run the tests of the zip, and return the exit code of pytest."""
    variables = os.environ | {"SGTRACK_WINDOWS_ZIP": str(ZIP)}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/packed"]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
