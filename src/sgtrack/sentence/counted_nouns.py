"""Tells what an amount counts from the words directly beside it."""

from __future__ import annotations

import re

from sgtrack.model.units import matching_unit
from sgtrack.sentence.amount_roles import without_total_words
from sgtrack.sentence.quantities import Quantity

_PERSON = re.compile(
    r"[^，。；,;：:给为供让由对向站室镇校院庭区队组班\d]{0,7}?(?:娃|孩子|老人|小朋友|学生|居民|群众|儿童|青少年|家长|党员|妇女|学员|组员|爷爷|奶奶|"
    r"街坊|乡亲|邻居|邻里|村民|市民|大爷|大妈|嬢嬢|阿姨|婆婆|考生|同学|工友|残疾人|农户|商户|姐妹|年轻人|青年|同行|对象|朋友|网格员|干部|代表)"
    r"(?!档案|台账|家庭|小组|心理|服务|之家|个案)"
)
_PERSON_BEFORE = re.compile(
    r"(?:户|老人|孩子|娃|儿童|学生|居民|群众|残疾人|特困人员|对象|学员|组员|考生)(?:有|共|约)?$"
)
_PEOPLE_CAME = re.compile(r"(?:来了|到了|坐了|坐着|来的人|的人|人数)[^，。；、]{0,10}$")
_ENDS = re.compile(r"[，。；！!,;）)\s]|$")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]|[《》“”]")
_AFTER_ENDS = re.compile(r"[，。；、,;！!]|[并汇归合]成|整理成|形成")
_BARE = re.compile(
    r"^(?:其中)?(?:[\d一二三四五六七八九十月日号]+份?|当[日天月]|本[月周季]度?|[上下]半年|今年|[昨今]天|上月|目前)?(?:已|又|再|新|共|实际)*"
    r"(?:实?完成|增加|增|实?建成?|办理?|做|写|有|上线|发布|注册|备案|录入)?了?$"
)
"""Words that only say that more of the same was done: 6月又完成15份."""
_GOODS = re.compile(
    r"[^，。；、,;]{0,6}(?:礼品|礼物|礼包|礼盒|物资|慰问品|奖品|纪念品|早餐|午餐|晚餐|盒饭|套餐|药品|粽子|汤圆|问卷|调查表|照片|截图|签到表|登记表|记录表|展板)"
)
_GOODS_BEFORE = re.compile(
    r"(?:礼品|礼物|礼包|礼盒|物资|慰问品|慰问金|奖品|纪念品|餐|药品|粽子|汤圆|问卷|调查表|照片|图片|配图|截图|[到录记视]表|展板|"
    r"(?:签[订下署]?|签了|填写|回收|收回|收集)[^，。；、,;]{0,10})(?:共|约|近)?$"
)
"""Goods and collected papers; they are not 宣传资料."""


def counts_people(text: str, quantity: Quantity, unit: str, units: tuple[str, ...]) -> bool:
    """Return whether 个 counts people in a unit: 26个娃娃, or 注册志愿者，成功23个."""
    if is_person(text, quantity):
        return unit == "人次" or matching_unit("人", units) == unit
    return "个" not in units and bool(_ENDS.match(text, quantity.end))


def is_person(text: str, quantity: Quantity) -> bool:
    """Return whether the amount counts people: 26个娃娃, 来了五十个."""
    if _PERSON.match(text, quantity.end):
        return True
    if _PERSON_BEFORE.search(text[: quantity.start]) and _ENDS.match(
        text, quantity.end
    ):  # 低保户一两个
        return True
    return bool(_PEOPLE_CAME.search(text[: quantity.end]) and _ENDS.match(text, quantity.end))


def is_goods(text: str, quantity: Quantity) -> bool:
    """Return whether the amount counts goods or collected papers, not 宣传资料."""
    return bool(_GOODS.match(text, quantity.end) or _GOODS_BEFORE.search(text[: quantity.start]))


def keep_nearest(text: str, quantities: list[Quantity], name: str) -> list[Quantity]:
    """Keep the works with the longest part of the item's name beside them: 清单1份, not 需求18项.

    One without a noun counts the same thing: 已发布项目9个，本月上线2个.
    """

    def shared_length(quantity: Quantity) -> int:
        lengths = [
            length
            for words in words_beside(text, quantity)
            for length in range(2, len(words) + 1)
            if any(words[n : n + length] in name for n in range(len(words) - length + 1))
        ]
        return max(lengths, default=0)

    most = max(map(shared_length, quantities), default=0)
    return [q for q in quantities if shared_length(q) == most or not any(words_beside(text, q))]


def is_beside(text: str, quantity: Quantity, about: str) -> bool:
    """Return whether the words beside an amount are the item's: 档案30份, 30个岗位, not 6个单元."""
    before, after = words_beside(text, quantity)
    if not (before or after):  # 网络众筹，1例，
        return True
    return any(
        words[n : n + 2] in about for words in (before, after) for n in range(len(words) - 1)
    )


def words_beside(text: str, quantity: Quantity) -> tuple[str, str]:
    """Return the words before and after an amount that may name what it counts."""
    before = re.split(r"[，。；、,;！!]", _BRACKETS.sub("", text[: quantity.start]))[-1][-10:]
    after = _AFTER_ENDS.split(_BRACKETS.sub("", text[quantity.end :]))[0][:8]
    return _BARE.sub("", without_total_words(before)), after


def names_head(text: str, quantity: Quantity, name: str) -> bool:
    """Return whether an amount counts the noun a name ends with: 30个岗位 for 链接就业岗位."""
    before, after = words_beside(text, quantity)
    return name[-2:] in (after or before)  # 台账新增63条信息 does not count 台账
