"""The item of a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest

from sgtrack.model.contract import Project
from sgtrack.sentence.item_matching import match_items
from sgtrack.sentence.phrases import CERTAIN, read_phrases
from sgtrack.sentence.quantities import find_quantities
from sgtrack.sentence.sentence_reader import read_sentence

TODAY = date(2026, 6, 30)


def item(project: Project, text: str) -> str | None:
    found = read_sentence(project, text, TODAY).item
    return found.code if found else None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("开展惠民殡葬政策宣讲", "7.3.1"),  # by the name
        ("倡导婚事新办、丧事简办", "7.3.2"),  # by what workers call it
        ("给卧床的低保老人翻身擦洗", "5.2"),
        ("社工带老人去公园踏青", "6.3"),  # by whom it is for
        ("社工带残疾人去公园郊游，帮助他们融入社会", "5.5"),
        ("县融媒体中心报道了我站防溺水活动", "10.1"),  # the report, not what it reports
        ("五社联动关爱留守老人的典型案例已撰写完成", "6.9"),
        ("根据需求清单设计“邻里食堂”服务项目1个", "3.4"),  # what came before is no event
        ("到鞋厂了解招工，拿到缝纫工岗位4个", "8.1"),  # what was counted
        ("社区工作者学习社会工作实务，考前也用得上，4学时", "9.1.2"),  # who counts in 学时
        ("“乐至发布”推送我站活动报道1次", "10.1"),
        ("到养老院看望老人，给老人唱歌跳舞", "6.3"),  # what was done there, not how it is called
        ("到敬老院看望老人，给老人唱歌跳舞", "6.3"),
        ("到养老院看望老人，陪他们摆龙门阵", "6.2"),
        ("到敬老院看望老人，陪他们摆龙门阵", "6.2"),
        # how a story goes on is no other event
        ("6月6日开展防溺水安全课。活动现场，志愿者为家长量血压。", "6.6"),
        ("6月6日给老人过集体生日。在互动环节，社工讲解防诈知识。", "6.3"),
        ("6月6日入户访视低保户。“社工教我用智能手机！”老人说。", "5.1"),
        ("社工分成3个小组排查居民需求", "3.1"),
        ("走访低保户，叮嘱用电安全", "5.1"),  # what was said on the way is no event
        ("5月20日报社区备案，协会成立", "7.1"),  # 日报 is no newspaper here
        ("为老人义诊，测血压血糖", "6.2"),
        ("通过社会工作者职业水平考试2名", "9.1.1"),
        ("助残日，组织残疾人走出家门，到公园游玩", "5.5"),  # the name of a day is no event
        ("社区社会组织“艺术团”为老人义演", "6.3"),  # who did it
        ("走访低保户，同时宣传防溺水知识", "5.1"),  # what was told along with it
        ("设计“邻里守望”老年人关爱服务项目方案1份", "3.4"),
    ],
)
def test_an_item(project: Project, text: str, code: str) -> None:
    assert item(project, text) == code


@pytest.mark.parametrize(
    "text",
    [
        "召开工作推进会，安排下一步工作",
        "建立档案20份",  # of the old or of children?
        "社工为服务对象做心理疏导12人次",  # of whom?
        "为独居老人做心理疏导3人次",  # neither children nor those on relief
        "在社区发了150份宣传单",  # a hint only
        "老人和孩子一起动手做香囊",
        "党员志愿者清扫街道，32人参加",
        "发布志愿项目三个，累计服务时长90小时",
        "参加反诈宣讲员培训",
        "没有开展入户访视，改为电话慰问低保对象",
        "县融媒体中心的稿件尚未刊发",
        "拟于7月开展惠民殡葬政策宣讲",
        "更新老年人档案30份",
        "社区舞蹈队排练新节目",
        "联合物业开展消防隐患排查",
    ],
)
def test_what_is_not_certain_is_asked(project: Project, text: str) -> None:
    assert item(project, text) is None


def test_those_that_fit_equally_are_offered(project: Project) -> None:
    fits = match_items(project, "建立档案20份", find_quantities("建立档案20份"))
    assert {fit.item.code for fit in fits} == {"6.1.1", "6.4.1"}
    assert all(fit.words == "档案" for fit in fits)


def test_a_part_is_distinguished_from_its_whole(project: Project) -> None:
    assert item(project, "开展政策宣讲1场，讲医保政策") == "7.3"
    assert item(project, "开展垃圾分类政策宣讲1场") == "7.3.3"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("社工探访独居老人，上门看望12户次", "1.1"),
        ("医生为老人量血压，服务老人40人次", "1.2"),
        ("走进小学讲防溺水，60名学生听课", "2.1"),
        ("倡导零彩礼、婚事新办，发放倡议书80份", "3.2"),
        ("新培育社区社会组织2支，已备案", "3.1"),
    ],
)
def test_another_contract_is_read_with_the_same_words(other: Project, text: str, code: str) -> None:
    assert item(other, text) == code


def test_hearing_says_from_which_words() -> None:
    for_others, for_theirs = read_phrases("社工给老人送康乃馨")
    assert for_theirs.whom == {"老年人"}
    assert for_theirs.phrases["为老关爱"] == {"康乃馨"}
    assert for_theirs.meanings["为老关爱"] >= CERTAIN
    assert for_others.meanings["为老关爱"] < CERTAIN


ORDER = """
from sgtrack.sentence.item_matching import score_items
from sgtrack.sentence.quantities import find_quantities
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import packaged

(project,) = (p for p in load_folder(packaged("targets")).projects if p.slug == "xianheguan")
text = "社工站接受媒体采访，稿件已在学习强国四川平台发布"
print([(m.item.code, m.score) for m in score_items(project, text, find_quantities(text))])
"""


def test_the_same_text_is_scored_alike_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", ORDER],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "1234"
    }
    assert len(said) == 1
