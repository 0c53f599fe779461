"""Runs subjects over generated inputs, each under an alarm, and counts what happened."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from .subjects import SUBJECTS, TODAY, Place, Subject, attempt

ALARM_SECONDS = 30
"""The time after which an input counts as hanging; none should take a second."""
MEMORY = 3 << 30
"""The address space of a run in bytes, most of which the libraries reserve."""
SLOW_SHARE = 12
"""A slow subject gets one input for this many of a quick one."""


class Hangs(BaseException):
    """The alarm rang before an input was processed."""


@dataclass
class Count:
    """The outcome of the inputs of a subject."""

    tried: int = 0
    refused: int = 0
    failures: list[str] = field(default_factory=list)


@contextmanager
def alarmed() -> Iterator[None]:
    """Raise ``Hangs`` after the time of the alarm; Windows has none."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_: object) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, ALARM_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(subject: Subject, place: Place, inputs: int, number: int = 0) -> Count:
    """Try a number of inputs; the same seed gives the same inputs."""
    count = Count()

    @seed(number)
    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(subject.inputs)
    def one(value: object) -> None:
        count.tried += 1
        try:
            with alarmed():
                count.refused += not attempt(subject, place, value)
        except (Exception, Hangs) as error:
            where = "".join(traceback.format_exception(error)[-3:])
            count.failures.append(f"{subject.name}: {value!r:.300}\n{where}")

    one()
    return count


def main(inputs: int, number: int = 0) -> int:
    """The long run, in a process of bounded memory; prints a line for each subject.

    Args:
        inputs: how many inputs there are at least, over all subjects.
        number: what makes this run other than the next.
    """
    import resource  # not on Windows, where only the short run takes place

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ["SGTRACK_TODAY"] = TODAY.isoformat()
    for name in ("SGTRACK_HOME", "SGTRACK_COMMUNITY", "SGTRACK_PASSPHRASE"):
        os.environ.pop(name, None)
    weight = sum(1 if one.slow else SLOW_SHARE for one in SUBJECTS)
    total = Count()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        place = Place(Path(folder))
        for subject in SUBJECTS:
            share = 1 if subject.slow else SLOW_SHARE
            wanted, done = -(-inputs * share // weight), Count()
            batch = 0
            while done.tried < wanted:  # a run of hypothesis ends early where inputs repeat
                found = run(subject, place, min(wanted - done.tried, 2000), number + batch)
                batch += 1
                done.tried += found.tried
                done.refused += found.refused
                done.failures += found.failures
                if found.tried == 0:
                    break
            print(f"{subject.name}: {done.tried} inputs, {done.refused} refused", flush=True)
            for failure in done.failures[:3]:
                print(failure, flush=True)
            total.tried += done.tried
            total.failures += done.failures
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"TOTAL {total.tried} inputs, {len(total.failures)} failures, {peak} MB at most")
    return 1 if total.failures else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
