"""What is known of an activity, what must be asked, and which numbers are not used."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import read_amounts
from sgtrack.model.contract import Project
from sgtrack.sentence.activity_draft import DAY, ITEM, TITLE, ActivityDraft, draft_activity

TODAY = date(2026, 6, 30)


def draft(project: Project, text: str, **typed: object) -> ActivityDraft:
    return draft_activity(project, text, ActivityInput(**typed), TODAY)  # type: ignore[arg-type]


def amounts(found: ActivityDraft) -> dict[str | None, int]:
    return {amount.unit: int(amount.amount) for amount in found.values.amounts or ()}


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        (
            "3月12日开展惠民殡葬政策宣讲，发放资料100份，服务80人次，覆盖300人、志愿者20人",
            ("覆盖300人", "志愿者20人"),
        ),
        ("昨天走访低保户5人次，送大米3袋、油2桶", ("送大米3袋", "油2桶")),
        ("6月2日在3栋2单元走访低保户5人次，9:30结束", ()),
        ("6月5日走访低保户9人次，其中独居老人4人", ("独居老人4人",)),
        ("6月5日走访低保户9人次，原定6月1日走访", ("原定6月1日",)),
        ("6月5日走访低保户9人次，行程12公里", ("行程12公里",)),
        ("6月5日走访低保户9人次，慰问金五百元", ("慰问金五百元",)),
        ("6月5日走访低保户9人次", ()),
        ("6月5日上午10:15在幸福路28号5栋1单元302走访低保户9人次", ()),
        ("6月5日15点半走访低保户9人次，讲解2024版救助办法", ()),
        ("5.1 走访低保户9人次 3单元6楼", ()),
        ("6月24日报送5月简报1期", ()),
        ("6月5日走访低保户9人次，提出3点建议", ("提出3点",)),
        ("6月5日走访低保户9人次，发放3袋大米，花费1200元", ("发放3袋大米", "花费1200元")),
        ("6月5日走访低保户9人次，上门前社区网格员6人做好和谐共建的准备", ("上门前社区网格员6人",)),
        ("6月24日志愿者6人参加清洁，录入志愿时长12小时", ("志愿者6人",)),
        ("“暖阳”互助小组开展第2次活动，6月5日，12名组员参加", ()),
    ],
)
def test_numbers_that_are_not_used_are_told(
    project: Project, text: str, unused: tuple[str, ...]
) -> None:
    found = draft(project, text)
    assert found.unused == unused
    note = found.recorded().note
    assert note == (f"没有用到：{'、'.join(unused)}" if unused else None)
    assert found.recorded().source == text


def test_what_was_typed_wins_and_a_zero_means_none(project: Project) -> None:
    text = "3月12日开展惠民殡葬政策宣讲，发放资料100份，服务80人次"
    found = draft(project, text, amounts=tuple(read_amounts(["90人次", "0份"], zero=True)))
    assert amounts(found) == {"人次": 90, "份": 0}
    recorded = found.recorded()
    assert {a.unit: int(a.amount) for a in recorded.amounts or ()} == {"人次": 90, "场": 1, "份": 0}
    assert found.questions == ()


def test_another_item_selects_its_own_amounts(project: Project) -> None:
    text = "6月3日开展社区共治活动1场，收集需求12条，参加30人次"
    first, second = draft(project, text, item="7.3.1"), draft(project, text, item="5.1")
    assert amounts(first) == {"场": 1, "人次": 30}
    assert amounts(second) == {"人次": 30}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("6月3日开展惠民殡葬政策宣讲，发放资料100份", ["人次"]),
        ("近日开展惠民殡葬政策宣讲，服务80人次", [DAY]),
        ("6月3日召开工作会，布置下一步", [ITEM]),
        ("6月3日小组第三节，组员10人到场", [TITLE]),
        ("6月3日走访低保户", ["人次"]),
        ("6月3日走访低保户6户", ["人次"]),
        ("6月3日走访低保户近十人次", ["人次"]),
        ("6月3日走访低保户9人次", []),
    ],
)
def test_what_is_open_is_asked(project: Project, text: str, asked: list[str]) -> None:
    assert [question.asked for question in draft(project, text).questions] == asked


def test_what_nobody_states_is_implied_and_shown_as_such(project: Project) -> None:
    found = draft(project, "6月3日开展惠民殡葬政策宣讲，服务80人次")
    assert found.implied == {"场": Decimal(1)}


@pytest.mark.parametrize(
    ("text", "session"),
    [
        ("3月16日开展小组第4节活动，8人参加", 4),
        ("5月8日，银龄合唱小组，第3节，到9人", 3),
        ("6月8日跟进小宇个案，第4次面谈，他第一次提起妈妈", 4),
        ("6月14日木棉小组开组，她第一次上台，8人参加", None),
    ],
)
def test_the_session_of_a_group_is_used_whatever_its_name(
    project: Project, text: str, session: int | None
) -> None:
    for typed in ({}, {"title": "夕阳红小组"}, {"title": f"夕阳红小组第{session or 1}次"}):
        made = draft(project, text, **typed)
        assert made.values.session == session
        assert not any("第" in words for words in made.unused)
    if session is not None:
        other = draft(project, text, title="夕阳红小组第9次")
        assert other.values.session is None
        assert any(f"第{session}" in words for words in other.unused)


@pytest.mark.parametrize(
    ("item", "text", "count"),
    [
        ("5.6", "昨天帮低保户瞿婆婆把个人事项申报了", 1),
        ("8.3", "5月18日，帮扶对象涂建军再就业，到物业当保安", 1),
        ("5.1", "6月8日入户看望重残人员谌大福、游桂华、苟德全", 3),
        ("9.1.1", "社区工作者黎晓雯拿到初级社工证", 1),
        ("5.1", "6月8日看望王婆婆等老人", 0),
        ("5.1", "6月8日入户走访低保户", 0),
    ],
)
def test_people_who_are_named_are_counted_and_shown(
    project: Project, item: str, text: str, count: int
) -> None:
    found = draft(project, text, item=item)
    assert sum(found.implied.values()) == count
    assert bool(found.questions) == (count == 0)


@pytest.mark.parametrize(
    "text",
    [
        "6月9日为老关爱活动象棋赛，22位老人参赛，3人胜出",
        "今天居民小区扫码注册志愿者14名，累计注册61名",
    ],
)
def test_an_amount_beside_a_rival_is_asked_and_suggested(project: Project, text: str) -> None:
    (question,) = draft(project, text).questions
    assert question.near in (Decimal(22), Decimal(14))


def test_an_event_without_a_count_of_people_is_an_event_all_the_same(project: Project) -> None:
    text = "6月9日社工开展垃圾分类宣讲，发放宣传单1 200份，服务居民2百余人"
    found = draft(project, text, amounts=tuple(read_amounts(["0人次"], zero=True)))
    assert found.implied == {"场": Decimal(1)}
    assert found.questions == ()
    assert found.unused == ("服务居民2百余人",)


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("6月20日夕阳红小组第八节，小组圆满结束", True),
        ("夕阳红手工小组今天闭组", True),
        ("个案小明顺利结案，6月20日", True),
        ("向日葵小组最后一节，10名组员参加", True),
        ("个案李奶奶今天正式结束服务", True),
        ("6月20日夕阳红小组第八节活动圆满结束", False),
        ("个案小明第3次会谈，准备结案", False),
        ("个案小明尚未结案，今天会谈1次", False),
        ("夕阳红小组第3节结束后走访2户", False),
        ("夕阳红小组开展结案评估", False),
    ],
)
def test_the_end_of_a_group_or_case_is_proposed(project: Project, text: str, closes: bool) -> None:
    item = "6.8.1" if "个案" in text else "6.8.2"
    assert bool(draft(project, text, item=item).values.closes) is closes


def test_the_end_is_only_of_groups_and_cases_and_can_be_corrected(project: Project) -> None:
    assert draft(project, "宣讲圆满结案，服务80人次", item="7.3").values.closes is None
    assert draft(project, "夕阳红小组今天闭组", item="6.8.2", closes=False).values.closes is False


@pytest.mark.parametrize(
    ("text", "session"),
    [
        ("个案会谈：小明（第3次）", 3),
        ("个案面谈 张婆婆 第5次", 5),
        ("小组活动（第二节）：认识情绪", 2),
        ("个案会谈，他第一次发言", None),
    ],
)
def test_the_session_stands_beside_the_word_for_a_group(
    project: Project, text: str, session: int | None
) -> None:
    found = draft(project, text, item="6.8.1", title="个案小明")
    assert found.values.session == session


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("新注册志愿者王芳、李强2人", ("王芳", "李强")),
        ("注册志愿者：王芳、李强、赵敏", ("王芳", "李强", "赵敏")),
        ("招募志愿者孙丽和周大勇，已注册", ("孙丽", "周大勇")),
        ("注册志愿者王芳等5人", ()),
        ("注册志愿者王家村、李家沟2人", ()),
        ("注册志愿者3人：王芳、李强", ()),
        ("注册志愿者25人", ()),
    ],
)
def test_names_are_proposed_where_people_count(
    project: Project, text: str, names: tuple[str, ...]
) -> None:
    found = draft(project, text, item="7.2.2")
    assert (found.values.participants or ()) == names
    if names:
        assert found.amounts["人"] == len(names)


def test_names_are_not_proposed_where_visits_count(project: Project) -> None:
    found = draft(project, "探访居民王芳、李强2人", item="5.1")
    assert found.values.participants is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("协助办理残疾证4例、高龄补贴4例", ["例"]),
        ("办理残疾证3例，另办理高龄补贴3例", ["例"]),
        ("协助申报临时救助2例", []),
    ],
)
def test_equal_amounts_of_two_works_are_asked(
    project: Project, text: str, asked: list[str]
) -> None:
    found = draft(project, text, item="6.7")
    assert [question.asked for question in found.questions] == asked


def test_an_equal_amount_of_another_work_is_told(project: Project) -> None:
    found = draft(project, "上午协助申报低保2例，下午协助申报临时救助2例", item="6.7")
    assert amounts(found) == {"例": 2}
    assert found.unused == ("上午协助申报低保2例",)


def test_amounts_of_two_sentences_are_not_added_up(project: Project) -> None:
    apart = draft(project, "上午给老人理发12人次。下午讲防溺水120人次", item="6.6")
    assert "人次" in [question.asked for question in apart.questions]
    together = draft(project, "防溺水宣讲上午12人次、下午120人次", item="6.6")
    assert amounts(together)["人次"] == 132


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("向日葵小组第4节，组员10人次", "向日葵小组第4节"),
        ("6月12日旭日小组第2节，组员8人次", "旭日小组第2节"),
        ("社工在和谐家园小组第3节带领组员9人次", "和谐家园小组第3节"),
        ("昨天爱与爱同行小组第2节，组员9人次", "爱与爱同行小组第2节"),
        ("自在生活小组第2节，组员9人次", "自在生活小组第2节"),
        ("6月12日在社区活动室为老人开展夕阳红小组第2节，组员8人次", "夕阳红小组第2节"),
        ("社工和志愿者给银杏小组第2节拍照，组员8人次", "银杏小组第2节"),
    ],
)
def test_the_name_of_a_group_is_whole(project: Project, text: str, title: str) -> None:
    found = draft(project, text)
    assert found.item is not None
    assert found.item.code == "6.8.2"
    assert found.values.title == title


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("办理低保2例、办理临时救助2例", "办理低保2例、办理临时救助2例"),
        ("办理低保1例，办理临时救助3例", "办理低保1例、办理临时救助3例"),
        ("申请残疾补贴4例；申请临时救助4例", "申请残疾补贴4例、申请临时救助4例"),
        ("协助低保2例、协助临时救助1例", "协助低保2例、协助临时救助1例"),
    ],
)
def test_amounts_of_two_acts_are_asked_or_added(project: Project, text: str, words: str) -> None:
    found = draft(project, text, item="6.7")
    numbers = [int(n) for n in re.findall(r"\d", words)]
    if found.amounts:
        assert found.amounts == {"例": sum(numbers)}
    else:
        (question,) = found.questions
        assert question.asked == "例"
        assert all(str(number) in question.words for number in numbers)


def test_a_sum_to_date_is_no_second_act(project: Project) -> None:
    found = draft(project, "办理临时救助2例，目前共办理8例", item="6.7")
    assert found.amounts == {"例": 2}
