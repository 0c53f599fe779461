"""Extracts the advisories for the pinned packages from a copy of the PyPA advisory database.

    python scripts/make_advisories.py FOLDER DAY

FOLDER is a checkout of the database. DAY is the date of its newest commit, as 2026-03-24.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from check_supply import ADVISORIES, pinned


def main(folder: Path, day: str) -> int:
    """Write the extract; keep the advisories that were added by hand from other sources."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in sorted(pinned()):
        for path in sorted((folder / "vulns" / name).glob("*.yaml")):
            written = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            if written.get("withdrawn"):
                continue
            ranges = [
                {
                    str(kind): str(version)
                    for event in one["events"]
                    for kind, version in event.items()
                }
                for affected in written["affected"]
                for one in affected.get("ranges", ())
                if one["type"] == "ECOSYSTEM"
            ]
            found.setdefault(name, []).append(
                {
                    "id": written["id"],
                    "aliases": sorted(map(str, written.get("aliases", ()))),
                    "ranges": ranges,
                }
            )
    before = json.loads(ADVISORIES.read_text(encoding="utf-8")) if ADVISORIES.exists() else {}
    made = {
        "source": "PyPA advisory database",
        "day": date.fromisoformat(day).isoformat(),
        "packages": found,
        "added": before.get("added", {}),
    }
    ADVISORIES.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
