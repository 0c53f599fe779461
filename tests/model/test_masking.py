"""Names in texts are masked, other words are not."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.masking import NameMasker, NameReplacer
from sgtrack.model.name_forms import _FOLDED, _fold_with_spans, fold_text

from ..support.examples import examples


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


FORMS = {
    "José Núñez": ("Jose\u0301 Nu\u0301n\u0303ez", "JOSÉ NÚÑEZ", "José  Núñez", "José\u3000Núñez"),
    "O'Brien": ("O’Brien", "O‘Brien", "O＇Brien", "o`brien", "O'\"'\"'Brien", "Ｏ'Ｂｒｉｅｎ"),
    "Smith-Jones": ("SMITH‐JONES", "Smith–Jones", "Smith\u00ad-Jones"),
    "张三": ("张　三", "张 三", "张  三", "张\xa0三", "张\t三", "张\u200b三", "张\ufeff三"),
    "欧阳钻石": ("欧 阳 钻 石", "欧阳　钻石"),
    "张伟（南街）": ("张伟(南街)", "张　伟（南街）"),
    "阿依古丽·买买提": ("阿依古丽・买买提", "阿依古丽•买买提", "阿依古丽･买买提"),
    "김철수": (unicodedata.normalize("NFD", "김철수"),),
    "が山": ("か\u3099山",),
    "路飞ABC": ("路飞ａｂｃ", "路飞abc"),
}
"""Names, each with other forms in which people write it."""


@pytest.mark.parametrize(("name", "form"), [(n, f) for n, forms in FORMS.items() for f in forms])
def test_a_name_is_masked_and_replaced_in_every_form(name: str, form: str) -> None:
    for known, written in ((name, form), (form, name), (name, name)):
        masker = NameMasker([*FORMS, known])
        replacer = NameReplacer(known, "居民0", FORMS)
        for before, after in (("", ""), ("走访", "家"), ("（", "）\n"), ("和 ", " 和")):
            text = f"{before}{written}{after}"
            assert masker.text(text) == f"{before}某{after}"
            assert replacer.text(text) == f"{before}居民0{after}"


@pytest.mark.parametrize(
    "text",
    [
        *("李明来了", "三张桌子", "Josefina", "O'Briens", "Smith", "Smith Jones"),
        *("阿依古丽", "5月3日", "欧阳修钻石", "Jose"),
    ],
)
def test_other_words_stay(text: str) -> None:
    assert NameMasker([*FORMS, "李"]).text(text) == text


def test_a_longer_name_does_not_hide_a_shorter_one_across_a_space() -> None:
    replacer = NameReplacer("张三", "居民0", ["张三", "张三丰"])
    assert replacer.text("张三 丰收、张三丰、张 三") == "居民0 丰收、张三丰、居民0"


SIGNS = st.sampled_from(
    [
        *"张三李aAéÉＡ１1'’\"-·・ 　\n\t()（）、。ßİﬁㇲ",
        "\u0301",
        "\u200b",
        "か",
        "\u3099",
        "ㅎ",
        "´",
        "\ufe0f",
    ]
)


@examples(quick=300, thorough=5000)
@given(st.text(SIGNS | st.characters(exclude_categories=["Cs"]), max_size=12))
def test_folding_with_and_without_places_is_the_same(text: str) -> None:
    folded, spans = _fold_with_spans(text)
    assert folded == fold_text(text)
    assert len(spans) == len(folded)
    assert fold_text(folded) == folded
    if re.fullmatch(_FOLDED, text):
        assert folded == text
