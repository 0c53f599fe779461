"""A short run over every reader; ``make reliability`` makes the long one."""

from __future__ import annotations

import pytest

from .running import run
from .subjects import SUBJECTS, Place, Subject


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The workspace in which inputs are tried."""
    return Place(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda one: one.name)
def test_every_input_is_taken_or_refused_in_plain_words(subject: Subject, place: Place) -> None:
    found = run(subject, place, 12 if subject.slow else 100)
    assert found.failures == []
    assert found.tried >= 12


def test_what_a_reader_raises_is_found(place: Place) -> None:
    def broken(_: Place, text: str) -> None:
        if "人" in text:
            raise KeyError(text)

    assert run(Subject("broken", SUBJECTS[1].inputs, broken), place, 200).failures
