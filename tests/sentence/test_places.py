"""The place a sentence speaks of."""

from __future__ import annotations

import pytest

from sgtrack.sentence.places import find_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("3月12日上午在社区广场开展宣讲", "社区广场"),
        ("培训在社区党群服务中心三楼会议室开讲", "社区党群服务中心三楼会议室"),
        ("活动走进阳光花园小区，", "阳光花园小区"),
        ("到陈毅故居参观", "陈毅故居"),
        ("到棉花湾社区社工室和童家镇社工站走了一圈", "棉花湾社区社工室和童家镇社工站"),
        ("在菜市场、汽车站发放资料", "菜市场、汽车站"),
        ("在火车站旁开展宣讲", "火车站旁"),
        ("3.12 垃圾分类宣讲 银杏苑中庭 1场", "银杏苑中庭"),
        ("走进城南小学五（2）班上课", "城南小学五（2）班"),
        ("把小戏送到回龙院子，", "回龙院子"),
        ("4月23日，天池实验学校，听课师生205人", "天池实验学校"),
        ("在吴家巷掏阴沟", "吴家巷"),
        ("在三里巷13号院坝为老人庆生", "三里巷13号院坝"),
        ("在黄桷坪开展便民服务", "黄桷坪"),  # an ending that no list knows
        ("参训农户35人，地点：七组大棚，", "七组大棚"),
        ("5月20日，县民政局婚姻登记处外，社工给新人送礼包", "县民政局婚姻登记处外"),
        ("社区会议室里，支委们围坐一起", "社区会议室"),
        ("女孩们坦诚交流，5月23日下午，社工室。", "社工室"),
        ("6月19日，社区食堂里坐满了老人", "社区食堂"),
    ],
)
def test_a_place(text: str, place: str) -> None:
    found = find_place(text)
    assert found is not None
    assert found.words == place
    assert text.startswith(place, found.start)


@pytest.mark.parametrize(
    "text",
    [
        "服务居民80人次",
        "在社工站的帮助下，小区成立了队伍",
        "在社工陪同下参加运动会",
        "在服务过程中发现",
        "在县民政局指导下完成",
        "政策宣传进小区",
        "“现在能自己走到菜市场！”低保户老潘说",  # what somebody says
        "把申请交到民政办",
        "78名老人到场，15名志愿者帮忙",
        "残疾居民老何到超市上班",
        "关于制度建设",
        "报告已交民政办。",
        "存在的问题，达到的标准",
    ],
)
def test_no_place(text: str) -> None:
    assert find_place(text) is None
