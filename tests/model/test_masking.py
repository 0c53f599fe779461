"""Names in texts are masked, other words are not."""

from __future__ import annotations

import pytest

from sgtrack.model.masking import NameMasker


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("走访张三丰和张三", "走访某和某"),
        ("Ann去Anniston", "某去Anniston"),
        ("舞蹈队", "舞蹈队"),
        ("abcAnndef", "abcAnndef"),
        ("", ""),
    ],
)
def test_names_are_hidden_and_other_words_are_not(text: str, shown: str) -> None:
    assert NameMasker(["张三", "张三丰", "Ann", "队"]).text(text) == shown
