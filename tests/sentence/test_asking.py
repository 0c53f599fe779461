"""When a value is asked: where a careful colleague would ask, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.model.contract import Project
from sgtrack.sentence.activity_draft import DAY, ITEM, TITLE, ActivityDraft, draft_activity
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import packaged

from .scoring import sentences

TODAY = date(2026, 6, 30)
ASKED = "asked"
MOST_SILENT, MOST_ASKED = 0.03, 0.03
"""The goals: shares of sentences that are wrong without a question, or asked although plain."""


@cache
def projects() -> dict[str, Project]:
    return {project.slug: project for project in load_folder(packaged("targets")).projects}


def draft(text: str, community: str = "xianheguan") -> ActivityDraft:
    return draft_activity(projects()[community], text, ActivityInput(), TODAY)


def asked(found: ActivityDraft) -> set[str]:
    return {question.asked for question in found.questions}


def fields(case: dict[str, Any], found: ActivityDraft) -> Iterator[tuple[object, object]]:
    """Yield what a sentence says and what was read, for date, item and amounts."""
    read: dict[str, object] = {
        amount.unit or "": amount.amount for amount in (found.values.amounts or ())
    }
    read |= dict.fromkeys(asked(found) - {DAY, ITEM, TITLE}, ASKED)
    said: dict[str, object] = {u: Decimal(str(a)) for u, a in (case["amounts"] or {}).items()}
    said |= dict.fromkeys(set(case["ask"]) - {"服务项"}, ASKED)
    yield case["date"].isoformat(), ASKED if DAY in asked(found) else found.values.day
    yield case["item"] or ASKED, found.item.code if found.item else ASKED
    if found.item is not None and found.item.code == case["item"]:
        for unit in {*said, *read}:
            yield said.get(unit), read.get(unit, found.implied.get(unit))


def test_the_set() -> None:
    cases = sentences("sentences-asking.yaml")
    silent, needless, missing = [], [], []
    for case in cases:
        found = draft(case["text"], case["community"])
        wrong = [read for said, read in fields(case, found) if said != read]
        if any(read not in (ASKED, None) for read in wrong):
            silent.append(case["text"])
        elif wrong:
            needless.append(case["text"])
        offered = {item.code for item in found.candidates}
        if found.item is None and not set(case["candidates"]) <= offered:
            missing.append(case["text"])
    assert len(cases) >= 220
    assert len(silent) <= MOST_SILENT * len(cases), silent
    assert len(needless) <= MOST_ASKED * len(cases), needless
    assert len(missing) <= MOST_SILENT * len(cases), missing


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("6月3日走访低保户5人次，并给他们讲解医保政策，发放资料20份", {"5.1", "7.3"}),
        ("6月3日上午清扫楼道、清理杂物，下午逐户排查居民需求20户", {"7.4", "3.1"}),
        ("6月3日组织党员上党课，会后清理河道，党员30人参加", {"2.2", "7.4"}),
        ("6月3日链接就业岗位2个，推荐1人成功入职", {"8.1", "8.3"}),
        ("6月3日访视残疾人家庭6户，给每户讲解两项补贴政策", {"5.1", "7.3"}),
        ("6月3日烹饪培训20人，其中5人签约就业", {"8.2", "8.3"}),
    ],
)
def test_a_second_act_is_asked(text: str, candidates: set[str]) -> None:
    found = draft(text)
    assert found.item is None
    assert candidates <= {item.code for item in found.candidates}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6月3日走访低保户5人次，顺便讲了医保政策", "5.1"),
        ("6月3日通过入户走访，给独居老人量血压18人次", "6.2"),
        ("6月3日以文艺演出的形式开展婚丧嫁娶新风弘扬活动1场", "7.3.2"),
        ("6月3日入户排查居民需求20户，收集意见15条", "3.1"),
    ],
)
def test_manner_purpose_and_result_are_no_second_act(text: str, code: str) -> None:
    item = draft(text).item
    assert item is not None
    assert item.code == code


@pytest.mark.parametrize(
    "text",
    [
        "6月3日接待居民，谈到子女就业问题",
        "6月3日慰问环卫工人，叮嘱注意安全",
        "6月3日到县里开会，会上介绍了垃圾分类的做法",
        "6月3日和校长商量托管的事",
        "6月3日打扫背街小巷卫生，排查用电隐患12处",
        "6月3日组织居民应急演练，发放资料200份",
        "6月3日5支社区社会组织在广场排练",
        "6月3日走访慰问老党员5人",
    ],
)
def test_a_side_phrase_does_not_decide(text: str) -> None:
    assert ITEM in asked(draft(text))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("6月3日入户访视低保户4人次，累计访视32人次", "人次"),
        ("6月3日低保户入户访视6户", "人次"),
        ("6月3日走访几户低保户", "人次"),
        ("6月3日3家企业带来就业岗位，50人咨询", "个"),
        ("6月3日为老关爱活动举办象棋赛，6人胜出", "人次"),
        ("6月3日烹饪技能培训招收30人，26人结业", "人次"),
        ("6月3日技能培训50人次，烹饪20人次，面点30人次", "人次"),
        ("6月3日为老关爱活动1场", "人次"),
    ],
)
def test_a_doubtful_amount_is_asked(text: str, unit: str) -> None:
    found = draft(text)
    assert unit in asked(found)
    assert unit not in found.implied


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("6月3日为老人量血压，上午20人次，下午15人次，累计35人次", "人次", 35),
        ("6月3日技能培训参训40人，其中35人领取证书", "人次", 40),
        ("6月3日健康服务老人45人次，其中理发25人次、代办20人次", "人次", 45),
        ("6月3日开展五社联动服务活动1次", "次", 1),
        ("6月3日排查居民需求，一组60户、二组40户、三组20户", "户次", 120),
        ("6月3日县融媒体报道2次", "次", 2),
    ],
)
def test_a_plain_amount_is_not_asked(text: str, unit: str, amount: int) -> None:
    found = draft(text)
    assert {a.unit: a.amount for a in (found.values.amounts or ())} == {unit: amount}
    assert not asked(found)
