"""Run sgtrack with ``python -m sgtrack``."""

from sgtrack.cli.main import main

main()
