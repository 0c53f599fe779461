"""Checks that installed packages have allowed licences and no version with a known vulnerability.

The check needs no network. docs/security.md describes what it covers and what it does not.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.version import Version

ROOT = Path(__file__).parents[1]
LICENCES = ROOT / "requirements" / "licences.txt"
ADVISORIES = ROOT / "requirements" / "advisories.json"
PINNED = ROOT / "requirements" / "dev.txt"
STALE_DAYS = 90
_OURS = {"sgtrack", "pip"}
"""Installed packages to skip: the program itself, and what comes with the virtual environment."""


def main() -> int:
    """Print all faults and warnings; return 1 if there are faults."""
    today = datetime.now(UTC).date()
    known = json.loads(ADVISORIES.read_text(encoding="utf-8"))
    faults = [*licence_faults(installed(), allowed()), *advisory_faults(pinned(), known)]
    for one in faults:
        print(one, file=sys.stderr)
    for one in warnings(known, today):
        print(f"warning: {one}", file=sys.stderr)
    return 1 if faults else 0


def normal(name: str) -> str:
    """Return a package's name in the form in which package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> dict[str, str]:
    """Return the version of every pinned package."""
    found = re.findall(r"^([\w.-]+)==([^ ;\\]+)", PINNED.read_text(encoding="utf-8"), re.MULTILINE)
    return {normal(name): version for name, version in found}


def installed() -> dict[str, str]:
    """Return the licence of each installed package, according to its metadata."""
    return {
        normal(one.metadata["Name"]): licence_of(one)
        for one in distributions()
        if normal(one.metadata["Name"]) not in _OURS
    }


def licence_of(one: Distribution) -> str:
    """Return a package's licence: the SPDX expression, else the classifier, else the text."""
    told = one.metadata.get_all("License-Expression")
    if told:
        return str(told[0])
    classifiers = one.metadata.get_all("Classifier") or []
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License ::")]
    if named:
        return str(named[0])
    written = one.metadata.get_all("License") or [""]
    return str(written[0]).strip().partition("\n")[0]


def allowed() -> tuple[frozenset[str], Mapping[str, str]]:
    """Return the licences that are always allowed, and those allowed for a single package."""
    lines = [
        line.partition("#")[0].strip() for line in LICENCES.read_text(encoding="utf-8").splitlines()
    ]
    single = dict(line.split(": ", 1) for line in lines if ": " in line)
    return frozenset(line for line in lines if line and ": " not in line), single


def licence_faults(
    found: Mapping[str, str], known: tuple[frozenset[str], Mapping[str, str]]
) -> Iterator[str]:
    """Yield a message for every package whose licence is not allowed.

    Of “A AND B” every part must be allowed, of “A OR B” only one.
    """
    general, single = known
    for name, licence in sorted(found.items()):
        parts = licence.replace("(", "").replace(")", "").split(" AND ")
        fits = licence in general or all(
            any(one.strip() in general for one in part.split(" OR ")) for part in parts
        )
        if not fits and single.get(name) != licence:
            yield f"{name}: licence “{licence}” is not in {LICENCES.name}"


def advisory_faults(pins: Mapping[str, str], known: Mapping[str, Any]) -> Iterator[str]:
    """Yield a message for every pinned version that an advisory lists."""
    for source in ("packages", "added"):
        for name, listed in sorted(known[source].items()):
            for one in listed:
                if name in pins and any(_within(Version(pins[name]), r) for r in one["ranges"]):
                    yield f"{name} {pins[name]}: {one['id']} {' '.join(one.get('aliases', ()))}"


def _within(version: Version, affected: Mapping[str, str]) -> bool:
    """Return whether a version lies in an affected range, which may have no end."""
    introduced = affected.get("introduced", "0")
    if introduced != "0" and version < Version(introduced):
        return False
    if "fixed" in affected:
        return version < Version(affected["fixed"])
    return "last_affected" not in affected or version <= Version(affected["last_affected"])


def warnings(known: Mapping[str, Any], today: date) -> Iterator[str]:
    """Yield a warning if the list of advisories is more than ``STALE_DAYS`` old."""
    age = (today - date.fromisoformat(known["day"])).days
    if age > STALE_DAYS:
        yield (
            f"requirements/advisories.json is {age} days old: what was found since is not in it; "
            "make it anew with scripts/make_advisories.py"
        )


if __name__ == "__main__":
    sys.exit(main())
