"""Starts the program; also run by ``python -m sgtrack``.

Importing a command takes longer than running most commands. The imports are inside the function, so
that Ctrl-C is handled during them, too.
"""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130
"""The exit code after Ctrl-C, as in shells."""


def main() -> None:
    """Run the program; end it without a traceback if it is interrupted while it starts or ends."""
    try:
        _fill_closed_descriptors()
        if sys.argv[1:] == ["--read-workbook"]:  # ``sgtrack.sheets.workbook_process`` starts this
            from sgtrack.sheets.workbook_reader import main as run  # noqa: PLC0415
        elif sys.argv[1:] == ["--read-pdf"]:  # ``sgtrack.tender.pdf_process`` starts this
            from sgtrack.tender.pdf_reader import main as run  # noqa: PLC0415
        elif sys.argv[1:] == ["--decrypt-office"]:  # ``sgtrack.privacy.office_encryption``
            from sgtrack.privacy.office_decryption import main as run  # noqa: PLC0415
        else:
            from sgtrack.cli.main import main as run  # noqa: PLC0415
        run()
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
