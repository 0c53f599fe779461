"""A report pasted from WeChat is split into events."""

from __future__ import annotations

from datetime import date

from sgtrack.model.contract import Project
from sgtrack.sentence.sentence_reader import read_sentence, split_events

TODAY = date(2026, 6, 30)
LIST = """【社工站工作动态】🌸
各位领导好，现将本周工作汇报如下：
1、6月22日上午，社工在社区广场开展垃圾分类宣讲1场，居民62人次参加。大家纷纷点赞，反响热烈。
2、6月23日，走访低保户5户8人次，送去慰问品8份。
3. 6月25日提交6月份简报1期。
"""


def test_a_numbered_list_gives_an_event_each(project: Project) -> None:
    assert split_events(project, LIST, TODAY) == [
        "6月22日上午，社工在社区广场开展垃圾分类宣讲1场，居民62人次参加。大家纷纷点赞，反响热烈。",
        "6月23日，走访低保户5户8人次，送去慰问品8份。",
        "6月25日提交6月份简报1期。",
    ]


def test_the_day_of_a_heading_holds_for_what_follows(project: Project) -> None:
    report = "6月26日工作小结：\n入户访视特困人员4人次；\n为党员上党课，38名党员参加。"
    assert split_events(project, report, TODAY) == [
        "6月26日，入户访视特困人员4人次；",
        "6月26日，为党员上党课，38名党员参加。",
    ]


def test_the_days_of_a_weekly_heading_hold_for_the_weekdays_below_it(project: Project) -> None:
    report = (
        "6.15-6.21工作周报\n周一，入户访视低保户3人次；\n"
        "周三在社区广场开展垃圾分类宣讲1场，居民62人次参加。\n19日，走访特困人员4人次。\n"
        "6月22日至28日工作周报\n周一，入户访视低保户5人次。"
    )
    days = [
        read_sentence(project, text, TODAY).day for text in split_events(project, report, TODAY)
    ]
    assert [str(day and day.day) for day in days] == [
        f"2026-06-{day}" for day in ("15", "17", "19", "22")
    ]


def test_running_text_is_split_where_another_thing_happens(project: Project) -> None:
    report = (
        "昨天社工给瘫痪的低保户刘大爷擦身，照料护理1人次。他的女儿很感激。"
        "今天上午又到天池小学开展防溺水安全教育1场，学生120人次。"
    )
    first, second = split_events(project, report, TODAY)
    assert first.endswith("他的女儿很感激。")
    assert second.startswith("今天上午又到天池小学")


def test_an_event_on_another_day_is_kept_though_its_item_must_be_asked(project: Project) -> None:
    report = "6月22日，走访低保户8人次。6月24日，和老人孩子一起做香囊，36人次参加。"
    assert len(split_events(project, report, TODAY)) == 2


def test_greetings_alone_are_no_event(project: Project) -> None:
    assert split_events(project, "各位领导好！\n辛苦了🌹", TODAY) == []
