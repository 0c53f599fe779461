"""The requirement text has the same indicators in every form in which it may be published."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from sgtrack.model.contract import Project
from sgtrack.tender.office_conversion import find_libreoffice

from .requirement_forms import FORMS
from .test_converted_files import converted
from .test_requirement_text import assert_same_indicators, draft_projects


def check(content: bytes, name: str, folder: Path, projects: dict[str, Project]) -> None:
    drafts = draft_projects(content, name, folder)
    assert len(drafts) == 2
    for draft, slug in zip(drafts, ("xianheguan", "sanli"), strict=True):
        hand = projects[slug]
        assert_same_indicators(draft, hand)
        # A space of the text may be lost where a line is wrapped.
        assert {c.code: re.sub(r"\s", "", c.text) for c in draft.clauses.values()} == {
            c.code: re.sub(r"\s", "", c.text) for c in hand.clauses.values()
        }
        assert [category.name for category in draft.categories] == [
            category.name for category in hand.categories
        ]
        for fact in ("name", "county", "street", "package"):
            assert getattr(draft, fact) == getattr(hand, fact)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_the_same_indicators(
    form: str, tmp_path: Path, projects: dict[str, Project]
) -> None:
    check(FORMS[form](), f"服务要求.{form}", tmp_path, projects)


@pytest.mark.skipif(
    find_libreoffice() is None or sys.platform == "win32", reason="LibreOffice is not installed"
)
@pytest.mark.parametrize("extension", ["doc", "odt", "rtf", "pdf", "html", "xls"])
def test_what_libreoffice_writes_has_the_same_indicators(
    extension: str, tmp_path: Path, projects: dict[str, Project]
) -> None:
    source = "workbook" if extension == "xls" else "word"
    content = converted(FORMS[source](), extension, tmp_path)
    check(content, f"服务要求.{extension}", tmp_path, projects)
