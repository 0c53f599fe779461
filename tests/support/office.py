"""Edits Word and Excel files with LibreOffice or, for Excel, without it cell by cell."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_cell_to_rowcol

Edits = Mapping[str, Mapping[str, object]]
"""New values of cells by sheet and cell name; None removes the whole row of the cell."""
MUST_HAVE = "SGTRACK_TEST_OFFICE"
"""Environment variable that makes tests fail, instead of skipping them, without LibreOffice."""
_LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library">
 <library:library library:name="Standard" library:link="false"/>
</library:libraries>"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">
Sub Edit
  Dim opening(1) As New com.sun.star.beans.PropertyValue
  opening(0).Name = "Hidden"
  opening(0).Value = True
  opening(1).Name = "Password"
  opening(1).Value = "{password}"
  book = StarDesktop.loadComponentFromURL(ConvertToURL("{file}"), "_blank", 0, opening())
{edits}
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  filter(0).Name = "FilterName"
  filter(0).Value = "{filter}"
  book.storeToURL(ConvertToURL("{target}"), filter())
  book.close(True)
End Sub
</script:module>"""
_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xls": "MS Excel 97"}


def convert_in_office(file: Path) -> None:
    """Open a Word file in LibreOffice Writer and save it in its place."""
    office = _find_office()
    profile = file.parent / "office"
    # With the locale C, LibreOffice cannot open a file with a Chinese name.
    opened, saved = profile / "opened.docx", profile / "saved"
    saved.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, opened)
    call = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    convert = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(saved), str(opened)]
    subprocess.run([*call, *convert], check=True, timeout=180, capture_output=True)
    shutil.move(saved / opened.name, file)
    shutil.rmtree(profile)


def _find_office() -> str:
    office = shutil.which("soffice")
    if office is None:
        missing = pytest.fail if os.environ.get(MUST_HAVE) else pytest.skip
        missing("LibreOffice is not installed")
    return office


def edit_in_office(
    file: Path, edits: Edits, target: Path | None = None, password: str = ""
) -> None:
    """Open a file in LibreOffice, type into cells, and save it as ``target`` or in its place.

    A file that opens with ``password`` is saved without it.
    """
    target = target or file
    office = _find_office()
    profile = file.parent / "office"
    call = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    # The first start of LibreOffice creates the profile, and would replace an existing module.
    subprocess.run([*call, "--terminate_after_init"], check=True, timeout=180, capture_output=True)
    basic = profile / "user" / "basic"
    (basic / "script.xlc").write_text(_LIBRARIES, encoding="utf-8")
    (basic / "Standard" / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    # With the locale C, LibreOffice cannot open a file with a Chinese name.
    opened, saved = profile / f"opened{file.suffix}", profile / f"saved{target.suffix}"
    shutil.copyfile(file, opened)
    saved.unlink(missing_ok=True)
    lines = (_edit_line(sheet, *edit) for sheet, cells in edits.items() for edit in cells.items())
    module = _MODULE.format(
        file=opened,
        target=saved,
        edits="\n".join(lines),
        filter=_FILTERS[target.suffix],
        password=password,
    )
    (basic / "Standard" / "Module1.xba").write_text(module, encoding="utf-8")
    macro = "macro:///Standard.Module1.Edit"
    subprocess.run([*call, macro], check=True, timeout=180, capture_output=True)
    assert saved.exists(), "LibreOffice did not save the file"
    shutil.move(saved, target)


def _edit_line(sheet: str, place: str, value: object) -> str:
    page = f'book.Sheets.getByName("{sheet}")'
    if value is None:
        row = xl_cell_to_rowcol(place)[0]
        return f"  {page}.Rows.removeByIndex({row}, 1)"
    cell = f'{page}.getCellRangeByName("{place}")'
    if isinstance(value, int | float):
        return f"  {cell}.Value = {value}"
    return (
        f'  {cell}.Formula = "{value}"' if str(value)[:1] == "=" else f'  {cell}.String = "{value}"'
    )


def edit_cells(file: Path, edits: Edits, target: Path | None = None) -> None:
    """Write a copy of a workbook with new values in some cells."""
    source = CalamineWorkbook.from_path(str(file))
    with xlsxwriter.Workbook(str(target or file), {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name in source.sheet_names:
            rows = source.get_sheet_by_name(name).to_python(skip_empty_area=False)
            cells: dict[tuple[int, int], object] = {
                (row, column): value
                for row, values in enumerate(rows)
                for column, value in enumerate(values)
            }
            new = {xl_cell_to_rowcol(place): v for place, v in edits.get(name, {}).items()}
            removed = sorted(row for (row, _), value in new.items() if value is None)
            cells |= {place: value for place, value in new.items() if value is not None}
            sheet = book.add_worksheet(name)
            for (row, column), value in cells.items():
                if row in removed or value == "":
                    continue
                line = row - sum(other < row for other in removed)
                form = day if isinstance(value, date) else None
                sheet.write(line, column, value, form)
