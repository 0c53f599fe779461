"""Finds the people whom a sentence names one by one, such as 低保户瞿婆婆 or 对象涂建军."""

from __future__ import annotations

import re

from sgtrack.model.name_forms import COMMON_SURNAMES

_SURNAME = COMMON_SURNAMES + (
    "钱严覃武戴莫孔向汤尚温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁符舒阮纪梅童凌毕单季裴霍涂"
    "成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏"
    "宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳"
    "谌奚皮粟冼蔺楼盘满闻厉"
)
_HONORIFIC = "某某?|大爷|爷爷|婆婆|奶奶|大娘|大妈|嬢嬢|阿姨|叔叔?|孃孃|大伯|婶婶?|先生|女士|同学"
_ROLE = (
    "低保户|低保对象|低保家庭的?|特困(?:老人|人员|对象|户)?|重残(?:人员|对象)?|残疾人|残疾老人|困难(?:户|老人|学生|儿童|群众)"
    "|(?:独居|空巢|高龄|失独)的?(?:老人)?|(?:救助|帮扶|服务)?对象|失业青年|青年|返乡的|社区工作者|学员|居民"
)
_ENDS = r"(?=[，。、；：（(,;.\s]|在|到|经|被|再|成|拿|考|取|去|入|把|办|填|家|应|与|和|顺|的|上|$)"
_NAMED = re.compile(
    rf"(?:(?:{_ROLE})[\s“]?|(?<=[、和及]))(?P<full>[{_SURNAME}][\u4e00-\u9fff]{{1,2}}?){_ENDS}"
    rf"|(?P<short>[{_SURNAME}](?:{_HONORIFIC}))(?!们)"
)
_MORE = re.compile("等|他们|她们|们|几|多")
_NAME = rf"[{_SURNAME}][\u4e00-\u9fff]{{1,2}}"
_LIST = re.compile(
    rf"(?:志愿者|学员|组员|成员|社工|党员|居民|老人|对象|[人员者工生][：:]|(?:新增|招募|注册|登记|培训|发展|吸纳)了?|[：:])"
    rf"(?P<names>{_NAME}(?:[、和及]{_NAME})*)(?=\s*(?:[\d一二两三四五六七八九十]+[名位人]|参[加与]|完成|到场|[，。；,;（(]|$))"
)
"""A list of full names after a word that announces people: 志愿者王芳、李强2名."""
_NO_NAME = re.compile("[村组社院坝沟坪湾路街区队站]$|^[王李张刘陈杨黄何江家]家|工作|服务|活动")


def find_names(text: str) -> tuple[str, ...]:
    """Return the full names in the lists of people of a text, or none if a list is incomplete."""
    lists = [re.split("[、和及]", match["names"]) for match in _LIST.finditer(text)]
    names = tuple(dict.fromkeys(name for names in lists for name in names))
    is_unsure = _MORE.search(text) or any(_NO_NAME.search(name) for name in names)
    return () if is_unsure else names


def count_named_people(text: str) -> int:
    """Return how many people a text names, or 0 if the text says that more people came."""
    names = [match["full"] or match["short"] for match in _NAMED.finditer(text)]
    return 0 if _MORE.search(text) else len(set(names))
