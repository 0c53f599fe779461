"""Starts the program; also run by ``python -m sgtrack``.

Importing a command takes longer than running most commands. The imports are inside the function, so
that Ctrl-C is handled during them, too.
"""

from __future__ import annotations

import os
import sys

from sgtrack.own_window import has_own_window, wait_for_enter

INTERRUPTED = 130
"""The exit code after Ctrl-C, as in shells."""


def main() -> None:
    """Run the program; if it has its own window, wait for Enter before the window closes.

    Without arguments, a double-click starts the menu.
    """
    _fill_closed_descriptors()
    if not has_own_window():
        run()
        return
    is_menu = not sys.argv[1:]
    if is_menu:
        sys.argv.append("menu")
    try:
        run()
    except SystemExit as ended:
        if ended.code or not is_menu:
            wait_for_enter()
        raise


def run() -> None:
    """Run a command; end it without a traceback if it is interrupted while it starts or ends."""
    try:
        if sys.argv[1:] == ["--read-workbook"]:  # ``sgtrack.sheets.workbook_process`` starts this
            from sgtrack.sheets.workbook_reader import main as start  # noqa: PLC0415
        elif sys.argv[1:] == ["--read-pdf"]:  # ``sgtrack.tender.pdf_process`` starts this
            from sgtrack.tender.pdf_reader import main as start  # noqa: PLC0415
        elif sys.argv[1:] == ["--decrypt-office"]:  # ``privacy.office_encryption`` starts this
            from sgtrack.privacy.office_decryption import main as start  # noqa: PLC0415
        else:
            from sgtrack.cli.main import main as start  # noqa: PLC0415
        start()
    except KeyboardInterrupt:
        if sys.stderr is not None:
            if not sys.stderr.isatty():  # Windows encodes pipes and files differently
                sys.stderr.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
            sys.stderr.write("\n已中断\n")
        sys.exit(INTERRUPTED)


def _fill_closed_descriptors() -> None:
    """Open the null device for closed standard streams.

    Otherwise the next file that is opened, such as the ledger, would get the number of the standard
    output, and what is printed could overwrite it.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - open to the end


if __name__ == "__main__":
    main()
