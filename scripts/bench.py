"""Times whole commands against the floor of any Typer tool, as ratios within one run.

Each round runs every command once, in turn, so that a drift in speed meets them all; the
ratio is that of the medians. Figures are printed, never asserted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sgtrack.demo import LAST_DAY, log_half_year
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import make_workspace

ROUNDS = 9
FLOOR = "import typer\napp = typer.Typer()\n@app.command()\ndef one():\n    print('one')\napp()\n"


def main() -> None:
    """Print a table: command, median seconds, ratio to the floor."""
    with tempfile.TemporaryDirectory() as scratch:
        workspace = make_workspace(Path(scratch) / "workspace")
        entries = sum(log_half_year(workspace, p) for p in load_folder(workspace.targets).projects)
        program = [sys.executable, "-m", "sgtrack", "--home", str(workspace.root)]
        commands = {
            "one-command Typer app (floor)": [sys.executable, "-c", FLOOR],
            "sgtrack --help": [*program, "--help"],
            f"sgtrack status ({entries} entries)": [*program, "status"],
            "sgtrack log": [*program, "log", "5.1", "1", "-c", "sanli", "--again"],
            "sgtrack brief": [*program, "brief", "--month", "6", "-c", "sanli"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        env = os.environ | {"SGTRACK_TODAY": LAST_DAY.isoformat()}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                begun = time.perf_counter()
                subprocess.run(command, env=env, check=True, capture_output=True)
                times[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(found) for name, found in times.items()}
    floor = next(iter(medians.values()))
    for name, median in medians.items():
        print(f"{name:36} {median:6.3f} s {median / floor:6.2f} x")


if __name__ == "__main__":
    main()
