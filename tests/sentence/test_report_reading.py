"""A pasted report is read into its events; what belongs to none is told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

import pytest

from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.sentence.report_reading import read_report
from sgtrack.sentence.sentence_reader import read_sentence

from .scoring import TODAY, sentences

RIGHT = 0.93
"""The least share of dates and items that are right in the reports of tests/data/reports.yaml."""
_MARKS = "一二三四五六七八九十第是①②③④"
"""Characters of list marks (一、, 一是), which are no part of an event."""


@dataclass(frozen=True)
class Scores:
    """What is wrong in the events of the reports."""

    lost: list[str]
    invented: list[str]
    not_unread: list[str]
    wrong: list[str]
    fields: int


@pytest.fixture(scope="module")
def scores(project: Project) -> Scores:
    """The scores of all reports of tests/data/reports.yaml."""
    result = Scores([], [], [], [], 0)
    fields = 0
    for case in sentences("reports.yaml"):
        reading = read_report(project, case["report"], TODAY)
        found = set()
        for expected in case["events"]:
            event = next((e for e in reading.events if all(w in e for w in expected["has"])), None)
            if event is None or event in found:
                result.lost.append(f"{case['about']}: {expected['has']}")
                continue
            found.add(event)
            sentence = read_sentence(project, event, TODAY)
            read = {
                "date": sentence.day.day if sentence.day else None,
                "item": sentence.item.code if sentence.item else None,
            }
            for name in expected.keys() & read.keys():
                fields += 1
                if read[name] != expected[name]:
                    result.wrong.append(f"{event}: {read[name]}, not {expected[name]}")
        result.invented.extend(event for event in reading.events if event not in found)
        told = "\n".join(reading.unread)
        result.not_unread.extend(words for words in case["unread"] if words not in told)
    return Scores(result.lost, result.invented, result.not_unread, result.wrong, fields)


def test_no_event_of_a_report_is_lost(scores: Scores) -> None:
    assert scores.lost == []


def test_no_event_is_invented(scores: Scores) -> None:
    assert scores.invented == []


def test_what_is_no_event_is_told(scores: Scores) -> None:
    assert scores.not_unread == []


def test_dates_and_items_of_the_events_are_right(scores: Scores) -> None:
    assert len(scores.wrong) <= (1 - RIGHT) * scores.fields, scores.wrong


def test_every_word_is_in_an_event_or_unread(project: Project) -> None:
    for case in sentences("reports.yaml"):
        reading = read_report(project, case["report"], TODAY)
        read = Counter("".join((*reading.events, *reading.unread)))
        said = Counter(re.findall(rf"[^\W{_MARKS}\d_]", case["report"]))
        assert not said - read, case["about"]


@pytest.mark.parametrize(
    ("report", "starts", "unread"),
    [
        pytest.param(
            "各位领导好，现将本周工作汇报如下：\n1、6月22日上午，社工在社区广场开展垃圾分类宣讲1场，"
            "居民62人次参加。大家纷纷点赞，反响热烈。\n2、6月23日，走访低保户5户8人次，送去慰问品8份。\n"
            "3. 6月25日提交6月份简报1期。",
            ["6月22日上午，社工在社区广场", "6月23日，走访低保户", "6月25日提交"],
            ["各位领导好，", "现将本周工作汇报如下："],
            id="a list, with praise that stays with its event",
        ),
        pytest.param(
            "6月26日工作小结：\n入户访视特困人员4人次；\n为党员上党课，38名党员参加。",
            ["6月26日，入户访视", "6月26日，为党员上党课"],
            ["6月26日工作小结："],
            id="the day of a heading",
        ),
        pytest.param(
            "昨天社工给瘫痪的低保户刘大爷擦身，照料护理1人次。他的女儿很感激。今天上午又到天池小学开展"
            "防溺水安全教育1场，学生120人次。",
            ["昨天社工给瘫痪的", "今天上午又到天池小学"],
            [],
            id="another day in running text",
        ),
        pytest.param(
            "6月22日，走访低保户8人次。6月24日，和老人孩子一起做香囊，36人次参加。",
            ["6月22日", "6月24日"],
            [],
            id="an event whose item must be asked",
        ),
        pytest.param("各位领导好！\n辛苦了🌹", [], ["各位领导好！", "辛苦了"], id="greetings"),
        pytest.param(
            "6月18日上午，社区会议室坐满了人，到场36人。党支部书记给党员上了一堂党课。",
            ["6月18日上午，社区会议室坐满了人，到场36人。党支部书记"],
            [],
            id="the numbers of a dated sentence without item",
        ),
        pytest.param(
            "6月5日，社区二楼来了42位老人。志愿者为他们量血压、测血糖，还讲了用药常识。",
            ["6月5日，社区二楼来了42位老人。志愿者"],
            [],
            id="the numbers of a dated sentence without item, again",
        ),
        pytest.param(
            "6月16日上午，社工入户访视特困老人3人次。同日，在村委会宣讲惠民殡葬政策，51人次参加。",
            ["6月16日上午", "6月16日，同日，在村委会"],
            [],
            id="同日 with another main act",
        ),
        pytest.param(
            "6月16日上午，社工入户访视特困老人3人次。随后，社工又到特困户周某家访视2人次。",
            ["6月16日上午"],
            [],
            id="随后 with the same act",
        ),
        pytest.param(
            "6月10日上午，社区举办垃圾分类宣讲，居民60人次参加。下午三点，活动在掌声中结束。",
            ["6月10日上午"],
            [],
            id="下午 without another act",
        ),
        pytest.param(
            "6月3日在广场宣讲垃圾分类45人次，傍晚到敬老院陪老人聊天，陪伴老人20人次。",
            ["6月3日在广场", "6月3日，傍晚到敬老院"],
            [],
            id="two acts of one sentence",
        ),
        pytest.param(
            "6月9日上午32人、下午28人参加垃圾分类宣讲，发放资料60份。",
            ["6月9日上午32人、下午28人"],
            [],
            id="two halves of one act",
        ),
        pytest.param(
            "下周工作安排：\n1. 7月1日开展主题党日活动；\n2. 走访低保户10人次。",
            [],
            ["下周工作安排：", "1. 7月1日开展主题党日活动；", "2. 走访低保户10人次。"],
            id="a plan",
        ),
        pytest.param(
            "二、存在的问题\n志愿者不足，仅有8人参加服务。\n"
            "三、本周服务\n1. 6月25日入户访视低保户6人次。",
            ["6月25日入户访视"],
            ["二、存在的问题", "志愿者不足，仅有8人参加服务。", "三、本周服务"],
            id="a chapter about problems ends with the next chapter",
        ),
        pytest.param(
            "本周共走访服务96人次。\n6月22日入户访视低保户6人次。\n6月24日垃圾分类宣讲1场，90人次。",
            ["6月22日", "6月24日"],
            ["本周共走访服务96人次。"],
            id="a total beside what it adds up",
        ),
        pytest.param(
            "社工站现有社工3名，服务低保户46户。6月24日入户访视低保户6人次。截至目前，累计访视120人次。",
            ["6月24日入户访视"],
            ["社工站现有社工3名，服务低保户46户。", "截至目前，累计访视120人次。"],
            id="a description of the station, and what was reached to date",
        ),
        pytest.param(
            "“暖心”小组活动记录\n第1次 6月2日 8人\n第2次 6月9日 9人\n第3次 6月16日 8人",
            ["“暖心”小组活动，第1次", "“暖心”小组活动，第2次", "“暖心”小组活动，第3次"],
            ["“暖心”小组活动记录"],
            id="the sessions of a group",
        ),
        pytest.param(
            "5月社工服务记录\n6日 入户访视特困人员3人次\n20号 为残疾人做康复训练2人次",
            ["5月6日", "5月20号"],
            ["5月社工服务记录"],
            id="the month of a heading",
        ),
        pytest.param(
            "上周工作\n周三：入户访视特困人员3人次\n周五：为残疾人做康复训练2人次",
            ["上周三", "上周五"],
            ["上周工作"],
            id="the week of a heading",
        ),
        pytest.param(
            "6月24日工作汇报：今天上午入户访视低保户6人次。昨天下午为残疾人做康复训练2人次。",
            ["6月24日，今天上午", "6月23日，昨天下午"],
            ["6月24日工作汇报："],
            id="今天 under a heading with a day",
        ),
        pytest.param(
            "周一入户访视低保户6人次。周三为残疾人做康复训练2人次。\n社工站\n2026年6月20日",
            ["6月15日，周一", "6月17日，周三"],
            ["社工站", "2026年6月20日"],
            id="weekdays of a report that is signed with a day",
        ),
        pytest.param(
            "6月13日，社工站举办包粽子活动，为老人送温暖，46名老人参加。活动分为三个环节：\n"
            "1. 讲述端午由来；\n2. 包粽子；\n3. 为老人量血压30人次。",
            ["6月13日，社工站举办包粽子活动"],
            [],
            id="the parts of one activity",
        ),
        pytest.param(
            "6月13日，社工站为社区工作者开展业务培训，32人参加。老师从三方面讲解：一是政策，二是方法；"
            "三是做好案例2篇。",
            ["6月13日，社工站为社区工作者"],
            [],
            id="what was taught",
        ),
        pytest.param(
            "今天工作\n清晨入户访视低保户6人次\n中午给儿童辅导作业\n傍晚为残疾人做康复训练2人次",
            ["今天，清晨入户", "6月30日，中午给儿童", "6月30日，傍晚为残疾人"],
            ["今天工作"],
            id="times of the day",
        ),
        pytest.param(
            "近日，社工站开展民法典宣讲，居民60人次参加。",
            ["近日，社工站开展民法典宣讲"],
            [],
            id="a day that must be asked",
        ),
        pytest.param(
            "6月23日入户访视低保户6人次。下周重点：筹备七一活动；继续建档。",
            ["6月23日入户访视"],
            ["下周重点：筹备七一活动；", "继续建档。"],
            id="a plan in several parts",
        ),
        pytest.param(
            "个案进展（案主：周某）\n1. 6月2日接案。\n2. 6月9日与其女儿通话。\n3. 6月16日结案。",
            ["个案进展（案主：周某），6月2日", "个案进展（案主：周某），6月9日", "6月16日结案"],
            [],
            id="points with a day under the name of a case",
        ),
        pytest.param(
            "6月24日入户访视低保户3人次\n6月25日 为残疾人做康复训练2人次\n合计 5人次",
            ["6月24日入户访视", "6月25日 为残疾人"],
            ["合计 5人次"],
            id="the sum of a table",
        ),
        pytest.param(
            "工作简报 2026年6月25日\n一、助老\n为老人量血压20人次。周三为残疾人做康复训练2人次。",
            ["为老人量血压20人次。", "6月24日，周三为残疾人"],
            ["工作简报 2026年6月25日", "一、助老"],
            id="the day of a brief says which day 周三 is, and no more",
        ),
        pytest.param(
            "社工站编 2026年6月25日\n一、助老\n为老人量血压20人次。",
            ["为老人量血压20人次。"],
            ["社工站编 2026年6月25日", "一、助老"],
            id="the day of an issue is no day of an activity",
        ),
        pytest.param(
            "6月26日是国际禁毒日，6月24日下午，社工站开展禁毒宣讲，居民60人次参加。",
            ["6月24日下午"],
            ["6月26日是国际禁毒日，"],
            id="a named day",
        ),
        pytest.param(
            "各位好\n我们去给残疾人老罗做康复训练，他进步很大。\n大家都为他高兴。",
            ["我们去给残疾人老罗"],
            ["各位好", "大家都为他高兴。"],
            id="an act without number and day, alone",
        ),
        pytest.param(
            "6月3日，社区举办党课，党员46人参加。\n9:00 书记讲党章\n10:00-11:00 参观村史馆",
            ["6月3日，社区举办党课"],
            [],
            id="the agenda of an activity",
        ),
        pytest.param(
            "今日工作①入户访视低保户3人次②开例会③下午为残疾人做康复训练2人次",
            ["今日，入户访视", "今日，下午为残疾人"],
            ["今日工作", "②开例会"],
            id="circled points in one line",
        ),
        pytest.param(
            "6月4日，社工站举办垃圾分类宣讲，居民60人次参加。活动结束后，居民们领取了环保袋50个。",
            ["6月4日，社工站举办"],
            [],
            id="活动结束后 without another act",
        ),
        pytest.param(
            "6月4日走访记录\n1. 孙某，特困，身体尚可\n2. 何某，低保，孩子上学\n合计2人次",
            ["6月4日走访记录"],
            [],
            id="people visited",
        ),
        pytest.param(
            "本报讯（通讯员 甲）6月12日，社区坝坝里热闹起来。社工宣讲移风易俗，46人次参加。",
            ["6月12日，社区坝坝里热闹起来。社工宣讲"],
            ["本报讯（通讯员 甲）"],
            id="a byline before the day",
        ),
        pytest.param(
            "6月23日工作日报\n1、完成情况：入户访视低保户3人次。\n2、存在问题：3名老人听力不好。\n"
            "3、明日计划：走访5户。\n6月24日工作日报\n1、完成情况：为残疾人做康复训练2人次。",
            ["6月23日，入户访视", "6月24日，为残疾人"],
            [
                "6月23日工作日报",
                "1、完成情况：",
                "2、存在问题：3名老人听力不好。",
                "3、明日计划：",
                "走访5户。",
                "6月24日工作日报",
                "1、完成情况：",
            ],
            id="a problem and a plan among the points of two days",
        ),
        pytest.param(
            "6月17日上午入户访视低保户3人次，下午给老人讲防跌倒知识，来了27个老人，晚上又去放电影，51个人看。",
            ["6月17日上午", "6月17日，下午", "6月17日，晚上"],
            [],
            id="three acts of a day between commas",
        ),
        pytest.param(
            "主题：反诈宣讲\n时间：6月11日\n地点：金色家园小区\n人数：居民44人次",
            ["主题：反诈宣讲。时间：6月11日。地点：金色家园小区。人数：居民44人次"],
            [],
            id="a form",
        ),
    ],
)
def test_a_kind_of_report(
    project: Project, report: str, starts: list[str], unread: list[str]
) -> None:
    reading = read_report(project, report, TODAY)
    assert len(reading.events) == len(starts), reading
    for event, start in zip(reading.events, starts, strict=True):
        assert event.startswith(start)
    assert list(reading.unread) == unread


def test_a_long_story_keeps_to_the_longest_sentence(project: Project) -> None:
    report = "6月13日宣讲垃圾分类，46人次参加。\n" + "现场气氛热烈，居民收获满满。\n" * 100
    reading = read_report(project, report, TODAY)
    (event,) = reading.events
    assert len(event) < 1000
    assert len(event) + len("".join(reading.unread)) == len(report.replace("\n", ""))


def test_a_report_that_is_too_long_is_refused(project: Project) -> None:
    with pytest.raises(Refused, match="太多"):
        read_report(project, "走访1人次。" * 1001, TODAY)
    with pytest.raises(Refused, match="太长"):
        read_report(project, "访" * 1001, TODAY)


def test_a_day_that_nothing_says_is_not_taken_from_another_entry(project: Project) -> None:
    report = "1. 6月22日入户访视低保户6人次；\n2. 为残疾人做康复训练2人次。"
    reading = read_report(project, report, date(2026, 6, 30))
    assert reading.events[1] == "为残疾人做康复训练2人次。"


def test_the_days_of_a_weekly_heading_hold_for_the_weekdays_below_it(project: Project) -> None:
    report = (
        "6.15-6.21工作周报\n周一，入户访视低保户3人次；\n"
        "周三在社区广场开展垃圾分类宣讲1场，居民62人次参加。\n19日，走访特困人员4人次。\n"
        "6月22日至28日工作周报\n周一，入户访视低保户5人次。"
    )
    reading = read_report(project, report, TODAY)
    days = [read_sentence(project, text, TODAY).day for text in reading.events]
    assert [str(day and day.day) for day in days] == [
        f"2026-06-{day}" for day in ("15", "17", "19", "22")
    ]


@pytest.mark.parametrize(
    "report",
    [
        "今天上午给老人理发12人次，中午休息。下午到小学讲防溺水120人次。",
        "6月18日上午走访低保户5户。下午在广场宣讲殡葬政策80人次。",
        "上午为居民理发9人次。晚上开展消防安全宣讲，服务30人次。",
    ],
)
def test_another_act_with_its_own_count_in_another_half_day_is_an_event(
    project: Project, report: str
) -> None:
    assert len(read_report(project, report, date(2026, 6, 30)).events) == 2


def test_the_afternoon_of_the_same_act_is_the_same_event(project: Project) -> None:
    report = "6月18日上午开展殡葬政策宣讲，服务80人次。下午继续宣讲殡葬政策。"
    assert len(read_report(project, report, date(2026, 6, 30)).events) == 1
