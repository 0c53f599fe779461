"""Runs the tests with a Windows CPython, on Linux under Wine. ``make test-windows`` calls it.

    scripts/test_windows.py                                   the whole suite
    scripts/test_windows.py tests/evidence -k damaged         any arguments of pytest

``wine.py`` says what this needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import wine
from wine import C_DRIVE, Failed, in_wine

TEST_SECONDS = 60 * 60
"""Time limit of the tests."""


def main() -> int:
    """Set up what is missing, run the tests, and return the exit code."""
    try:
        wine.set_up()
        wine.add_python("python", "dev.txt")
        wine.copy_project()
        started = time.monotonic()
        code = _run_pytest(sys.argv[1:])
    except Failed as failed:
        print(f"test_windows: {failed}", file=sys.stderr)
        return 1
    verdict = "passed" if code == 0 else "FAILED"
    seconds = time.monotonic() - started
    print(f"Windows CPython {wine.PYTHON_VERSION}, code page 936: {verdict} after {seconds:.0f} s")
    return code


def _run_pytest(arguments: list[str]) -> int:
    """Run pytest in Windows' Python, on all processors unless ``-n`` is given.

    Raises:
        Failed: it took too long, or Wine ended without an exit code of pytest.
    """
    parallel = ["-n", str(os.cpu_count() or 1), "--dist", "loadfile"]
    options = arguments if "-n" in arguments else [*parallel, *arguments]
    # Only what pytest itself prints is UTF-8; the tests and what they start keep code page 936.
    script = "import sys; sys.stdout.reconfigure(encoding='utf-8', newline='\\n')\n"
    script += "import pytest; code = int(pytest.main()); open('exit-code', 'w').write(str(code))"
    command = in_wine("wine", r"C:\python\python.exe", "-c", script, "-q", *options)
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, timeout=TEST_SECONDS, check=False)
        return int((C_DRIVE / "sgtrack" / "exit-code").read_text("ascii"))
    except subprocess.TimeoutExpired:
        raise Failed(f"the tests were stopped after {TEST_SECONDS} s") from None
    except FileNotFoundError:
        raise Failed("Wine ended before pytest did; does another run use build/windows?") from None


if __name__ == "__main__":
    raise SystemExit(main())
