"""Everything that is read from a sentence: date, item, place, amounts, title, open questions."""

from __future__ import annotations

from datetime import date

import pytest

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.model.contract import Project
from sgtrack.sentence.activity_draft import ITEM, draft_activity
from sgtrack.sentence.amount_selection import select_amounts
from sgtrack.sentence.sentence_reader import read_sentence
from sgtrack.sentence.titles import find_series_title, find_title

TODAY = date(2026, 6, 30)
SENTENCE = "3月12日上午在社区广场开展惠民殡葬政策宣讲，发放资料100份，服务居民80余人次"


def test_everything_with_its_words(project: Project) -> None:
    reading = read_sentence(project, SENTENCE, TODAY)
    assert reading.item is not None
    assert reading.item.code == "7.3.1"
    assert reading.day is not None
    assert (reading.day.day, reading.day.words) == (date(2026, 3, 12), "3月12日")
    assert reading.place is not None
    assert reading.place.words == "社区广场"
    amounts, questions = select_amounts(project, reading.item, SENTENCE)
    assert {unit: (str(a.amount), a.words) for unit, a in amounts.items()} == {
        "份": ("100", "100份")
    }
    assert [(q.unit, q.words) for q in questions] == [("人次", "80余人次")]
    assert reading.title == "惠民殡葬政策宣讲"


def test_no_amount_is_read_before_the_item_is_known(project: Project) -> None:
    draft = draft_activity(project, "6月7日建立档案15份", ActivityInput(), TODAY)
    assert draft.item is None
    assert len(draft.candidates) == 2
    assert (draft.values.amounts, dict(draft.implied)) == (None, {})
    assert [question.asked for question in draft.questions] == [ITEM]


@pytest.mark.parametrize(
    ("text", "code", "day"),
    [
        ("5.1入户访视3人次", "5.1", None),
        ("7.4五社联动服务活动1次", "7.4", None),
        ("5.3 救助对象心理疏导6人次", "5.3", None),
        ("6.3开展垃圾分类宣讲1场，居民30人次", "7.3.3", "2026-06-03"),
        ("6.12入户访视3人次", "5.1", "2026-06-12"),
    ],
)
def test_the_code_of_the_item_that_is_read_is_no_day(
    project: Project, text: str, code: str, day: str | None
) -> None:
    reading = read_sentence(project, text, TODAY)
    assert reading.item is not None
    assert reading.item.code == code
    assert (reading.day and str(reading.day.day)) == day


def test_a_number_that_may_be_a_code_or_a_day_is_asked_while_the_item_is_open(
    project: Project,
) -> None:
    reading = read_sentence(project, "6.3活动30人", TODAY)
    assert reading.item is None
    assert reading.day is not None
    assert (reading.day.day, reading.day.words) == (None, "6.3")


def test_an_empty_or_senseless_text_says_nothing(project: Project) -> None:
    for text in ("", "。。。", "hello world", "１２３"):
        reading = read_sentence(project, text, TODAY)
        assert (reading.item, reading.day, reading.place) == (None, None, None)
        assert draft_activity(project, text, ActivityInput(), TODAY).values.amounts is None


def test_titles() -> None:
    assert find_title("举办“情满端午”为老关爱活动") == "情满端午为老关爱活动"
    assert find_title("开展1场惠民殡葬政策宣讲，") == "惠民殡葬政策宣讲"
    assert find_title("服务80人次") == ""
    assert find_title(f"开展{'很长的活动' * 20}") == "很长的活动" * 20


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("6月3日开展夕阳红小组第三节活动，10名组员参加", "夕阳红小组第三节"),
        (
            "社工带领“暖阳”老年人互助小组开展第2次活动，主题“认识情绪”",
            "“暖阳”老年人互助小组第2次“认识情绪”",
        ),
        ("今天跟进小宇个案，第4次面谈", "小宇个案第4次"),
        ("开展个案“张某”会谈一次", "“张某”"),
        ("小组第三节，10人到场", ""),
        ("新开个案1个，对象为留守儿童小莉", ""),
        ("今年结案2个个案，一个是厌学学生", ""),
        ("围绕“一老一小”新增小组1个——“乐学”手机小组，首节来了8人", "“乐学”手机小组"),
        ("昨天第一次独立带小组！“小小侦探”第二节，来了8人", "“小小侦探”第二节"),
        ("跟进失独老人老邓的个案，今早第3次会谈，他第一次提起女儿", "失独老人老邓的个案第3次"),
        ("对厌学个案小杨进行第4次面谈", "厌学个案小杨第4次"),
        ("木棉小组开组，她第一次上台，居民说“真好”", "木棉小组"),
        ("第三节“暖阳”小组今天开展，主题是“再见”", "“暖阳”小组第三节“再见”"),
        ("暖阳小组第2次“认识情绪”活动，8人到场", "暖阳小组第2次“认识情绪”"),
        ("走访低保户3人次", ""),
    ],
)
def test_the_name_of_a_group_is_found_with_its_session(text: str, title: str) -> None:
    assert find_series_title(text) == title
