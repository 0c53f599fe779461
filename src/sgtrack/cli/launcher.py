"""Opens files and folders in the programs that the system uses for them."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def launch(path: Path) -> bool:
    """Open a file or folder as a double-click does; return whether a program was started."""
    if sys.platform == "win32":
        try:
            os.startfile(path)  # noqa: S606 - what a double-click does
        except OSError:  # no program is set for this kind of file
            return False
        return True
    import subprocess

    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None or not (sys.platform == "darwin" or _has_desktop()):
        return False
    done = subprocess.run(  # noqa: S603 - the system's own opener
        [opener, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


def _has_desktop() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
