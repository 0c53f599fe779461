"""Each rule of ``check`` finds what it is for, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from sgtrack.checks.findings import Finding, Material, Topic, alike, findings
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, Evidence, Origin, Person

from ..support.command_line import Run

ORIGIN = Origin(datetime.fromisoformat("2026-03-12T09:00:00+08:00"), "officer", "sgtrack log")


def proof(kind: str, digest: str) -> Evidence:
    return Evidence(f"E-{digest}", digest, 1, f"{digest}.jpg", kind)


def entry(number: int, amount: int = 40) -> Entry:
    """A festival with its evidence, which no other entry uses."""
    day = date(2026, 3, number)
    activity = Activity(
        "xianheguan", "6.3", day, f"活动{number}", amounts={"人次": Decimal(amount)}
    )
    evidence = (proof("签到表", f"sheet{number}"), proof("照片", f"photo{number}"))
    return Entry(f"{number:026}", activity, ORIGIN, evidence=evidence)


def of(number: int, item: str, **fields: object) -> Entry:
    old = entry(number)
    activity = replace(old.activity, item=item, **fields)  # type: ignore[arg-type]
    kinds = ("签到表", "照片", "证明材料", "平台截图", "服务记录")
    evidence = tuple(proof(kind, f"{kind}{number}") for kind in kinds)
    return replace(old, activity=activity, evidence=evidence)


def found(
    project: Project, *entries: Entry, roster: tuple[Person, ...] = ()
) -> tuple[Finding, ...]:
    return findings(Material(project, entries, roster))


def only(topic: Topic, all_found: tuple[Finding, ...]) -> Finding:
    (one,) = all_found
    assert one.topic is topic
    return one


def test_sound_entries_have_no_findings(project: Project) -> None:
    assert found(project, *(entry(n, amount=40 + n) for n in range(1, 10))) == ()


def test_missing_evidence_is_named_by_kind(project: Project) -> None:
    bare = replace(entry(1), evidence=(proof("照片", "a"),))
    assert only(Topic.EVIDENCE_MISSING, found(project, bare)).message == "缺 签到表"


def test_a_photo_used_for_two_activities(project: Project) -> None:
    first, second = entry(1), entry(2)
    second = replace(second, evidence=(second.evidence[0], first.evidence[1]))
    one = only(Topic.FILE_USED_TWICE, found(project, first, second))
    assert one.entries == (first, second)
    assert "photo1.jpg" in one.message


@pytest.mark.parametrize(("item", "also"), [("5.9", ()), ("6.3", ("5.9",))])
def test_an_item_the_contract_does_not_have(
    project: Project, item: str, also: tuple[str, ...]
) -> None:
    topics = {one.topic: one for one in found(project, of(1, item, also=also))}
    assert "5.9" in topics[Topic.ITEM_UNKNOWN].message


def test_people_counted_without_their_names(project: Project) -> None:
    half = of(1, "7.2.2", amounts={"人": Decimal(3)}, participants=("甲", "乙"))
    whole = of(2, "7.2.2", amounts={"人": Decimal(1)}, participants=("丙",))
    one = only(Topic.NAMES_MISSING, found(project, half, whole))
    assert (one.entries, one.message) == (
        (half,),
        "3人中1人未写名称，无法核对是否重复",
    )


def test_one_person_in_two_spellings(project: Project) -> None:
    roster = (Person("", "xianheguan", "张玮", "社区工作者", date(2026, 1, 1)),)
    there = of(1, "6.3", participants=("张伟",))
    one = only(Topic.NAMES_ALIKE, found(project, there, entry(2), roster=roster))
    assert (one.entries, one.names) == ((there,), ("张玮", "张伟"))


@pytest.mark.parametrize(
    "names",
    [
        ("张丁（南街）", "张丁(南街)", "张 丁（南街）"),
        ("王甲", "王　甲", "王·甲"),
        ("Ann Lee", "ann lee", "ＡＮＮ ＬＥＥ"),
    ],
)
def test_one_person_with_other_spaces_and_brackets(
    project: Project, names: tuple[str, ...]
) -> None:
    entries = [of(n, "6.3", participants=(name,)) for n, name in enumerate(names, start=1)]
    assert only(Topic.NAMES_ALIKE, found(project, *entries)).names == names


@pytest.mark.parametrize(
    "titles",
    [
        ("夕阳红小组", "夕阳红小组第二节", "“夕阳红”小组（第３次）"),
        ("夕阳红小组", "夕阳虹小组"),
        ("彩虹小组", "彩虹　小组：画一画我的家"),
        ("张某个案", "张某个案第2次面谈"),
    ],
)
def test_one_group_in_several_spellings(project: Project, titles: tuple[str, ...]) -> None:
    code = "6.8.1" if "个案" in titles[0] else "6.8.2"
    entries = [
        of(n, code, title=title, amounts={"个": Decimal(1)})
        for n, title in enumerate((*titles, titles[0], "木棉小组"), start=1)
    ]
    other = of(9, "5.1", title=titles[1])
    one = only(Topic.SERIES_ALIKE, found(project, *entries, other))
    assert {entry.activity.title for entry in one.entries} == {*titles}
    assert one.message.startswith("".join(f"“{title}”" for title in titles) + "各算一个")
    assert found(project, *entries[len(titles) :], other) == ()


def test_an_activity_that_counts_for_several_items(project: Project) -> None:
    one = only(Topic.SEVERAL_ITEMS, found(project, of(1, "6.3", also=("7.4",))))
    assert "6.3、7.4" in one.message


@pytest.mark.parametrize("wrong", [4, 400])
def test_an_amount_an_order_of_magnitude_off(project: Project, wrong: int) -> None:
    usual = [entry(n) for n in range(1, 6)]
    odd = entry(9, wrong)
    one = only(Topic.AMOUNT_OUTLYING, found(project, *usual, odd))
    assert (one.entries, one.message) == ((odd,), f"{wrong}人次，这一项通常是 40人次")
    assert found(project, *usual[:3], odd) == ()  # too few to say what is usual
    assert found(project, *usual, entry(9, 399)) == ()


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["张伟", "张玮", "李四"], [("张伟", "张玮")]),
        (["王 小明", "王小明", "王晓明"], [("王 小明", "王小明", "王晓明")]),
        (["阿依古丽·买买提", "阿依古丽买买提"], [("阿依古丽·买买提", "阿依古丽买买提")]),
        (["Tom", "TOM"], [("Tom", "TOM")]),
        (["张伟", "张伟", "章和"], []),
    ],
)
def test_names_that_sound_the_same(names: list[str], groups: list[tuple[str, ...]]) -> None:
    assert list(alike(names)) == groups


def test_check_is_silent_when_nothing_is_found(run: Run) -> None:
    ran = run("check")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert json.loads(run("check", "--json").out) == []


def test_check_hides_names_by_default(run: Run, log: Run) -> None:
    log("7.2.2", "1人", "--who", "张伟", "-d", "3-1", "-t", "一")
    log("7.2.2", "1人", "--who", "张玮", "-d", "3-2", "-t", "二")
    hidden, shown = run("check", "-c", "仙鹤观"), run("check", "-c", "仙鹤观", "--with-names")
    assert (hidden.code, shown.code) == (1, 1)
    assert "张玮" not in hidden.out
    assert "可能是同一个人（1）" in hidden.out
    assert "含姓名" in shown.out
    assert "张伟、张玮" in shown.out
    topics = {one["topic"] for one in json.loads(run("check", "--json", "-c", "仙鹤观").out)}
    assert topics == {"evidence_missing", "names_alike"}
    assert "张" not in run("check", "--json", "-c", "仙鹤观").out
