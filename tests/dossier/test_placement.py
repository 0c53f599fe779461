"""Every activity has a folder under its item, and every path opens on Chinese Windows."""

from __future__ import annotations

import re
from dataclasses import replace

from sgtrack.dossier.placement import OUTSIDE, place
from sgtrack.evidence.evidence_store import LONGEST_NAME
from sgtrack.model.contract import Project

from .figures import entry


def paths(project: Project, *entries: object) -> list[str]:
    placed = place(project, entries).files.values()  # type: ignore[arg-type]
    return [file.path for files in placed for file in files]


def test_folders_sort_in_contract_order(project: Project) -> None:
    folders = list(place(project, ()).folders.values())
    assert len(folders) == len(project.items)
    tops = list(dict.fromkeys(folder.split("/")[0] for folder in folders))
    assert tops == sorted(tops)
    assert (tops[0], tops[-1]) == ("01 规范体系建设", "10 做好宣传工作")
    assert place(project, ()).folders["7.3.1"] == "07 服务社区治理/条款 7.3/7.3.1 惠民殡葬政策宣讲"


def test_the_longest_names_make_no_path_too_long(project: Project) -> None:
    name = "名" * (LONGEST_NAME - 5) + ".jpeg"
    twins = [f"照片:{name}", f"照片:{name}", f"签到表:{name}"]
    for code in project.items:
        for path in paths(project, entry(1, code, "长" * 200, *twins)):
            assert len(path) < 240, path
            assert all(len(part.encode("utf-8")) <= 255 for part in path.split("/")), path


def test_a_title_may_have_any_character(project: Project) -> None:
    title = 'a/b\\c:d*e?f"g<h>i|j. '
    (path,) = paths(project, entry(1, "5.1", title, "照片:x:y?.jpg"))
    assert path.endswith("/2026-03-01 a b c d e f g h i j 000001/照片 x y.jpg")
    assert not re.search(r'[<>:"\\|?*]', path)


def test_files_of_one_name_stay_apart(project: Project) -> None:
    found = paths(project, entry(1, "5.1", "入户", "照片:照片.jpg", "照片:照片.JPG"))
    assert [path.rpartition("/")[2] for path in found] == ["照片.jpg", "照片 (2).JPG"]


def test_activities_that_look_alike_stay_apart_within_their_item(project: Project) -> None:
    first = entry(1, "7.3.1", "1.5公里健步走", "照片:a.jpg")
    second = replace(first, id="1" + first.id[1:])
    one, two = (path.split("/") for path in paths(project, first, second))
    assert one[:3] == two[:3] == ["07 服务社区治理", "条款 7.3", "7.3.1 惠民殡葬政策宣讲"]
    assert one[3] != two[3]


def test_what_the_contract_does_not_have_lies_outside(project: Project) -> None:
    (path,) = paths(project, entry(1, "9.9.9", "旧项目", "照片:a.jpg"))
    assert path.startswith(f"{OUTSIDE}/9.9.9/2026-03-01 旧项目")
