"""The share of fields read right in two sets of sentences (figures: docs/sentences.md)."""

from __future__ import annotations

from sgtrack.model.contract import Project

from .scoring import score, sentences

TUNED = 0.995
HELD_OUT = 0.95
"""The goal for sentences that nobody tuned on."""


def test_the_tuned_set(project: Project) -> None:
    cases = sentences("sentences.yaml")
    found = score(project, cases)
    assert len(cases) >= 120
    assert found.share >= TUNED
    assert found.wrong_amounts == []


def test_the_held_out_set(project: Project) -> None:
    cases = sentences("sentences-held-out.yaml")
    found = score(project, cases)
    assert len(cases) >= 55
    # A failure shows figures only: nobody is to see which fields are wrong.
    share, wrong = found.share, len(found.wrong_amounts)
    assert share >= HELD_OUT
    assert wrong == 0


def test_no_sentence_is_in_both_sets() -> None:
    tuned = {case["text"] for case in sentences("sentences.yaml")}
    held_out = {case["text"] for case in sentences("sentences-held-out.yaml")}
    assert not tuned & held_out
