"""Checks that installed packages have allowed licences and no version with a known vulnerability.

    scripts/check_supply.py [PIP-AUDIT]

With the path of pip-audit, it asks for the vulnerabilities known today. Without it, or if no answer
comes, it compares with a dated list in the project. docs/security.md describes what it covers.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.version import Version

ROOT = Path(__file__).parents[1]
LICENCES = ROOT / "requirements" / "licences.txt"
ADVISORIES = ROOT / "requirements" / "advisories.json"
PINNED = [ROOT / "requirements" / name for name in ("dev.txt", "tools.txt", "windows.txt")]
_CONNECTION_SECONDS = 5
_AUDIT_SECONDS = 180
_OURS = {"sgtrack", "pip"}
"""Installed packages to skip: the program itself, and what comes with the virtual environment."""


def main() -> int:
    """Print all faults; return 1 if there are any."""
    faults = [*licence_faults(installed(), allowed())]
    published = audit(sys.argv[1]) if len(sys.argv) > 1 else None
    if published is None:
        known = json.loads(ADVISORIES.read_text(encoding="utf-8"))
        print(f"note: pip-audit has no answer; compared with the advisories of {known['day']}")
        published = [*advisory_faults(pinned(), known)]
    faults += published
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def audit(program: str) -> list[str] | None:
    """Ask pip-audit about every pinned package; return the faults, or ``None`` without an answer.

    The OSV database is asked, because it reports a failure as an error. A mirror of a package index
    may instead answer that it does not know the packages.
    """
    command = [program, "--format=json", "--vulnerability-service=osv", "--progress-spinner=off"]
    command += ["--disable-pip", "--require-hashes", f"--timeout={_CONNECTION_SECONDS}"]
    command += [f"--requirement={file}" for file in PINNED]
    try:
        ran = subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=_AUDIT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return audit_faults(ran.stdout)


def audit_faults(report: str) -> list[str] | None:
    """Return the faults in a JSON report of pip-audit, or ``None`` if the report is incomplete."""
    try:
        packages = json.loads(report)["dependencies"]
    except ValueError:
        return None
    if any("skip_reason" in package for package in packages):
        return None
    return [
        f"{package['name']} {package['version']}: {found['id']} {' '.join(found['aliases'])}"
        for package in packages
        for found in package["vulns"]
    ]


def normal(name: str) -> str:
    """Return a package's name in the form in which package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> dict[str, str]:
    """Return the version of every pinned package."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in PINNED)
    found = re.findall(r"^([\w.-]+)==([^ ;\\]+)", text, re.MULTILINE)
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


if __name__ == "__main__":
    sys.exit(main())
