"""Determines what an amount counts and whether it is a total, from the words around the amount."""

from __future__ import annotations

import re
from itertools import pairwise

from sgtrack.model.units import PEOPLE, matching_unit
from sgtrack.sentence.quantities import Quantity

_TEACHES = (
    "社工师|社工|社会工作者|志愿者|工作人员|医生|医护|医师|护士|老师|讲师|教师|律师|专家|督导|心理咨询师|咨询师|"
    "嘉宾|领导|技术员|授课|康复师|治疗师|理发师|消防员|实习生|(?<!组)队员|社会组织成员|家属|陪同人员|(?:志愿|服务|义工)[^，。；、]{0,3}队员|巾帼"
)
_STAFF = rf"{_TEACHES}|民警|交警|辅警|网格员|楼栋长|干部"
"""Words for people who work at an activity.

For items about learning, ``_TEACHES`` replaces this list, because 网格员 and 干部 attend trainings.
"""
_IN_CLAUSE = r"[^，。；、,;]"
_TAKES_PART = re.compile(
    r"\s*(?:参[训加与会]|到[会场课]|受训|听课|学习|交流|[一全]*[次部]?(?:通过|取得|获得|拿到|领到|考[取过上]))"
)
_TOOK_PART = re.compile("(?:参[会加与]|到[会场])[^，。；;]{0,20}$")
_NO_VERB = r"[^，。；、,;和与及在由跟随向对被让同把听为给从请到做参]"
_SERVED = re.compile(
    r"\s*(?:(?:困难|留守|困境|独居|空巢|残疾|高龄|低保|特困|社区|辖区)的?)*"
    r"(?:老人|老年人|孩子|娃|儿童|学生|居民|群众|残疾人|家长|服务对象|对象)"
)
_FOR = re.compile("[为给对向帮教陪替]$")
"""A preposition before the people served: 为两位残疾人家属."""
_LEARNING = re.compile("培训|交流|辅导|学习")
_NOT_THERE_BEFORE = re.compile(
    r"(?:应[到参]|报名|原计划|计划|预计|(?<![模虚])拟|原定|名额|限|容纳|覆盖|缺席|缺|脱落|退出|流失|请假|未到|没来|辖区共?有|(?:比|较|数|同比|环比)[^，。；]{0,8}(?:增加|增长|减少|多出|多了?|少了?))"
    r"[^，。；、,;\d]{0,5}$"
)
"""Words before a number of people who did not attend, or before a comparison: 报名, 缺席, 比."""
_NOT_THERE_AFTER = re.compile(
    r"[^，。；、,;\d]{0,4}(?:没来|没到|未到|未能|缺席|请假|没能|没在|未参加|没参加|补课|脱落|退出|流失)"
    r"|[^，。；、,;\d]{0,8}(?:[未没](?:通过|完成|成功|录用)|失败)"
)
"""Words after a number of people who were absent or did not succeed."""
_ACTUALLY = re.compile(
    "实[到际有](?:到[场会课]?|参[加训会]|来|完成|走访|入户)?了?[^，。；\\d]{0,2}$"
)
"""Words before an actual number of people or households: 实到11名."""
_GOT_IT = re.compile("[^，。；、\\d]{0,3}(?:被录用|录用|成功上岗|成功入职|成功就业|入职|上岗)")
"""Words after the number of applicants who succeeded: 1人被录用."""
_TO_COME_BEFORE = re.compile(
    rf"(?:应[建完达]|还有|还剩|还差|剩余|剩下|尚有|尚缺|(?:目标|任务|计划)(?!完成)|预计|力争){_IN_CLAUSE}{{0,8}}$"
)
_TO_COME_AFTER = re.compile(rf"{_IN_CLAUSE}{{0,3}}缺口")
_LOOKED_AT = re.compile(
    r"(?:阅读|播放|点击|浏览|点赞|转发|观看|收看|评论|曝光)(?:量|数|次数)?(?:已|达|超|过|近|约|共)*$"
)
_PLANNED = re.compile(
    r"(?:(?<![按照])计划(?!生育|内|外|书|单)|目标[是为]|(?<![模虚])拟|力争|争取(?:在|年内|今年|全年|完成|月底)|打算|准备(?![了好]))[^，。；、,;的]{1,16}$"
)
"""Words before a planned amount: 今年计划建档100份."""
_STATE = re.compile(rf"(?:目前|已达|达到了?|增至|升至|增加到|现有|总数|原有){_IN_CLAUSE}{{0,6}}$")
_TOTAL = re.compile(rf"(?:共计?|合计|累计|总计|一共|总共|时长|全[天年程]共?){_IN_CLAUSE}{{0,8}}$")
_STILL = r"(?:(?!这|此次|当[天日]|\d日)[^。；;])"
_SUM = re.compile(
    "[共合总]计|[一总]共|共|全[天年程]|其中|分别|包括|含|男|女|[：:（(—]|线[上下]|第一"
)
"""Words that say that an amount is the sum of others, or that others are its parts."""
_CUMULATIVE = re.compile(rf"累计{_IN_CLAUSE}{{0,8}}$")
_TO_DATE = re.compile(
    rf"(?:至今|以来{_STILL}{{0,20}}累计{_STILL}{{0,20}}|目前|原有|现有|已有|已达|已[建完办]|增至|升至|总数|累计|(?:今年|全年|项目){_IN_CLAUSE}{{0,2}}累计){_IN_CLAUSE}{{0,8}}$"
)
_AS_OF = re.compile(
    rf"截[至止]到?(?!当[天日]|今[天日]|[上下]午|结束|活动|傍晚|中午|[^，]{{0,4}}[点时])[^。；;]{{0,30}}?(?:已|累计|共){_IN_CLAUSE}{{0,12}}$"
)
"""Words before a cumulative amount at a date: 截至6月20日，已建档68份."""
_SO_FAR = re.compile(
    rf"(?:至此|总数已?[达增升为]|累计{_IN_CLAUSE}{{0,8}}(?:已|达)|增至|升至|增加到){_IN_CLAUSE}{{0,8}}$"
)
"""Words before an amount that is certainly cumulative.

``_TO_DATE`` also matches words such as 累计, which may precede the sum of a single day.
"""
_THIS_ONE = re.compile("这一?[场次回]|本[场次]|此次|当[天日]")
_NEW = re.compile(
    r"(?:这一?[场次回]|此次|新增|新[建开发注]|本[月周次期日]|当[日天]|今[日天]|又)[^，。；,;]{0,16}$"
)
_THIS_YEAR = re.compile(rf"(?:今年|全年|至今|目前|项目){_IN_CLAUSE}{{0,6}}$")
_PART = re.compile(r"(?:(?:其中|包括|含|迟到|早退)[^。；;]{0,16}|分别[^，。；;]{0,16})$")
_ONLINE = re.compile(
    rf"(?:线上|直播间?|在线|网上|云端)(?:观看|收看|浏览|点击|围观){_IN_CLAUSE}{{0,3}}$"
)
_SUCCEEDED = re.compile(
    f"(?!{_IN_CLAUSE}{{0,3}}[全均都]){_IN_CLAUSE}{{0,4}}(?:获奖|胜出|优胜|夺[得冠]|晋级|中奖|及格|合格|结业|毕业|达标|领取|领到|获评|当选)"
)
"""Words after a number of people who may be only a part of the participants: 12人获奖."""
_ATTENDED_AFTER = re.compile(
    rf"{_IN_CLAUSE}{{0,8}}?(?:参[加训与会赛考]|到[场会课]|听[课讲]|前来|观看|出席|同台)"
)
_ATTENDED_BEFORE = re.compile(
    rf"(?:参[加训与会赛考]|到[场会课]|来了|共|服务|出席|惠及|受益){_IN_CLAUSE}{{0,6}}$"
)
_NOBODY = re.compile("空置|空房|没人|无人|没在|不在|外出|未遇|没开门|未开门|锁门|拒")
_GROUP = r"(?:[班组队场村]|院坝|小区|网格|社区|支部)"
_HALF = re.compile(
    r"(?:(?:一|另一|[前后头下]一)[场批组期天班]$|上午|下午|晚上|早上|第一[天场]|第二[天场]|首日|次日|第[一二三四五六七][天场批期班组次轮]|\d[日号](?:新增|又|有|注册|服务|参训|到会)?$|男[性]?|女[性]?|"
    r"(?:线上|线下|现场|会议|直播间?)(?:接入|参加|参与|参训|听课|收看|到会|观看)?$|"
    rf"{_IN_CLAUSE}{{1,8}}{_GROUP}$)"
)
_NOT_NEW = re.compile(
    "更新|整理|检查|抽查|完善|修订|补|续|累计|[总共原旧]|其中|目前|现有|核|归|\\d"
)
_IN_LIST = re.compile(r"[^，。；,;：、]{0,8}[、和与及][^，。；,;：、]{0,8}")
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
"""Words before an amount that do not name what the amount counts: 6月又完成15份."""
_GOODS = re.compile(
    r"[^，。；、,;]{0,6}(?:礼品|礼物|礼包|礼盒|物资|慰问品|奖品|纪念品|早餐|午餐|晚餐|盒饭|套餐|药品|粽子|汤圆|问卷|调查表|照片|截图|签到表|登记表|记录表|展板)"
)
"""Nouns after an amount of goods or collected papers, which do not count as 宣传资料."""
_GOODS_BEFORE = re.compile(
    r"(?:礼品|礼物|礼包|礼盒|物资|慰问品|慰问金|奖品|纪念品|餐|药品|粽子|汤圆|问卷|调查表|照片|图片|配图|截图|[到录记视]表|展板|"
    r"(?:签[订下署]?|签了|填写|回收|收回|收集)[^，。；、,;]{0,10})(?:共|约|近)?$"
)
"""Words before an amount of goods or collected papers, which do not count as 宣传资料."""


def is_staff(about: str, text: str, quantity: Quantity, *, alone: bool) -> bool:
    """Return whether an amount counts staff instead of participants.

    ``about`` holds the words of the item. People named in ``about`` are participants. ``alone`` is
    true if the sentence states no other amount of people.
    """
    if quantity.unit not in (*PEOPLE, "人次"):
        return False
    if _FOR.search(text[: quantity.start]):
        return False
    if text[: quantity.start].endswith("一行"):  # Example: 负责人一行5人.
        return not (alone and _LEARNING.search(about))
    # Staff who attend an exchange (交流) are participants: 参会社工25名、督导3名.
    if "交流" in about and _TOOK_PART.search(text[: quantity.start]):
        return False
    staff = _TEACHES if _LEARNING.search(about) else _STAFF
    after = re.match(rf"{_NO_VERB}{{0,6}}?(?P<who>{staff})", text[quantity.end :])
    before = re.search(
        rf"(?P<who>{staff})(?:学生|团队|队伍|代表|们)?(?:一行|共)?$", text[: quantity.start]
    )
    takes_part = (alone or _LEARNING.search(about)) and _TAKES_PART.match(text, quantity.end)
    if before and (takes_part or _SERVED.match(text, quantity.end)):
        return False
    if after and _LEARNING.search(about) and _TAKES_PART.match(text, quantity.end + after.end()):
        return False
    return any(match and match["who"] not in about for match in (after, before))


def took_place(text: str, quantity: Quantity) -> bool:
    """Return whether an amount counts something that took place.

    Return False for zero, for planned or outstanding amounts, for people who were only invited or
    were absent, and for online views in 次.
    """
    if quantity.amount == 0:
        return False
    before = text[: quantity.start]
    absent = _NOT_THERE_AFTER.match(text, quantity.end)
    if not (quantity.unit == "人次" and before.endswith("覆盖")):
        absent = absent or _NOT_THERE_BEFORE.search(before)
    if quantity.unit in (*PEOPLE, "人次") and absent:
        return False
    if quantity.unit == "次" and _LOOKED_AT.search(before):
        return False
    return not (
        _TO_COME_BEFORE.search(before)
        or _PLANNED.search(before)
        or _TO_COME_AFTER.match(text, quantity.end)
    )


def is_state(text: str, quantity: Quantity) -> bool:
    """Return whether an amount is a total reached so far instead of an increase: 增至12支."""
    before = text[: quantity.start]
    # In 今年累计7场，这场来了41人, 7场 is cumulative.
    cumulative = _THIS_ONE.search(text, quantity.end) and _TO_DATE.search(before)
    return bool(_STATE.search(before) or cumulative)


def may_not_count(text: str, quantity: Quantity) -> bool:
    """Return whether an amount counts online viewers, or households where nobody was met."""
    around = text[max(quantity.start - 4, 0) : quantity.end + 6]
    not_met = quantity.unit in ("户", "户次", "家") and _NOBODY.search(around)
    return bool(not_met or _ONLINE.search(text[: quantity.start]))


def may_be_subset(text: str, quantity: Quantity) -> bool:
    """Return whether an amount may count only a part of the participants: 12人获奖."""
    people = quantity.unit in (*PEOPLE, "人次")
    return people and bool(_SUCCEEDED.match(text, quantity.end))


def attended(text: str, quantity: Quantity) -> bool:
    """Return whether words beside an amount say that it counts participants: 40人参加."""
    before = text[: quantity.start]
    return quantity.unit == "人次" or bool(
        _ATTENDED_AFTER.match(text, quantity.end) or _ATTENDED_BEFORE.search(before)
    )


def is_so_far(text: str, quantity: Quantity) -> bool:
    """Return whether an amount is the cumulative amount at a date: 截至6月20日，已建档68份.

    Return False if a word such as 新增 marks the amount as new.
    """
    before = text[: quantity.start]
    return bool(_AS_OF.search(before)) and not _NEW.search(before)


def without_to_date(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Drop cumulative amounts if the sentence certainly states new amounts; else return all."""
    so_far = [q for q in quantities if is_so_far(text, q) or _TO_DATE.search(text[: q.start])]
    new = [q for q in quantities if q not in so_far]
    new_stated = any(_NEW.search(text[: q.start]) for q in new)
    if len(new) == 1 and not _PART.search(text[: new[0].start]):
        new_stated = new_stated or all(_SO_FAR.search(text[: q.start]) for q in so_far)
    if new and (
        new_stated or any(_THIS_YEAR.search(text[: q.start].removesuffix("累计")) for q in so_far)
    ):
        return new
    return quantities


def keep_attendees(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Keep only the number of people or households that attended or succeeded.

    Examples: 招募12名，实到11名; 2人面试，1人被录用. If no words mark such a number, or if
    they mark several, return all amounts.
    """
    attendees = [
        q
        for q in quantities
        if q.unit in (*PEOPLE, "人次", "户", "户次")
        and (_ACTUALLY.search(text[: q.start]) or _GOT_IT.match(text, q.end))
    ]
    return attendees if len(attendees) == 1 else quantities


def find_totals(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Return the amount that equals the sum of all others, of which there must be at least two.

    Words must say that the amounts belong together (其中, 共), or name them as parts (上午, 下午).
    If no amount equals the sum of the others, return the amounts after a word such as 共计, but not
    those after 累计.
    """
    around = text[max(quantities[0].start - 8, 0) : quantities[-1].end]
    for quantity in quantities:
        parts = [other for other in quantities if other is not quantity]
        if len(parts) > 1 and quantity.amount == sum(part.amount or 0 for part in parts):
            said = _SUM.search(around) or _CUMULATIVE.search(text[: quantity.start])
            if are_partial_sums(text, quantities):  # 一组60户、二组40户、三组20户
                return []
            return [quantity] if said or are_partial_sums(text, parts) else []
    totals = [q for q in quantities if _TOTAL.search(text[: q.start])]
    return [q for q in totals if not _CUMULATIVE.search(text[: q.start])]


def without_parts(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Drop amounts in brackets or after a word such as 其中, which are parts of other amounts.

    If no amount would remain, return all amounts.
    """
    wholes = [
        q for q in quantities if not _PART.search(text[: q.start]) and not _bracketed(text, q)
    ]
    return wholes or quantities


def are_partial_sums(text: str, quantities: list[Quantity]) -> bool:
    """Return whether every amount covers one session, group or channel: 上午32人、下午28人.

    Amounts of two sentences may count two activities.
    """
    is_one_sentence = "。" not in text[quantities[0].end : quantities[-1].start]
    return is_one_sentence and all(map(_HALF.search, _words_before(text, quantities)))


def _words_before(text: str, quantities: list[Quantity]) -> list[str]:
    """Return for each amount the text between the previous amount and this amount."""
    starts = [0, *(quantity.end for quantity in quantities[:-1])]
    return [text[start : q.start] for start, q in zip(starts, quantities, strict=True)]


def listed(text: str, quantity: Quantity, other: Quantity) -> bool:
    """Return whether two amounts in the same unit are neighbours in a list: 保洁5个、保安3个."""
    gap = text[quantity.end : other.start]
    return quantity.unit == other.unit and bool(_IN_LIST.fullmatch(gap))


def same_things(text: str, quantities: list[Quantity]) -> bool:
    """Return whether amounts count different kinds of the same thing: 困境档案6个，留守档案9个."""
    labels = [re.split(r"[，。；、,;]", w)[-1] for w in _words_before(text, quantities)]
    kinds = {label[:-2] for label in labels}
    return (
        len({label[-2:] for label in labels}) == 1
        and len(kinds) == len(labels)
        and not any("新" in label for label in labels[1:])
        and all(len(label) > 2 and not _NOT_NEW.search(label) for label in labels)
        and all(
            len(re.findall(r"[，,；;、]", text[q.end : other.start])) == 1
            for q, other in pairwise(quantities)
        )
    )


def _bracketed(text: str, quantity: Quantity) -> bool:
    opened = max(text.rfind("（", 0, quantity.start), text.rfind("(", 0, quantity.start))
    closed = max(text.rfind("）", 0, quantity.start), text.rfind(")", 0, quantity.start))
    return opened > closed


def counts_people(text: str, quantity: Quantity, unit: str, units: tuple[str, ...]) -> bool:
    """Return whether an amount in 个 counts as people in ``unit``.

    Examples for 人: 26个娃娃, 注册志愿者，成功23个. ``units`` are all units of the item. ``unit``
    must be a unit of people, unless :func:`is_person` is true for the amount.
    """
    if is_person(text, quantity):
        return unit == "人次" or matching_unit("人", units) == unit
    return "个" not in units and bool(_ENDS.match(text, quantity.end))


def is_person(text: str, quantity: Quantity) -> bool:
    """Return whether words around an amount show that it counts people: 26个娃娃, 来了五十个."""
    if _PERSON.match(text, quantity.end):
        return True
    counted = _PERSON_BEFORE.search(text[: quantity.start])  # Example: 低保户一两个.
    came = _PEOPLE_CAME.search(text[: quantity.end])
    return bool((counted or came) and _ENDS.match(text, quantity.end))


def is_goods(text: str, quantity: Quantity) -> bool:
    """Return whether words beside an amount name goods or collected papers, not 宣传资料."""
    return bool(_GOODS.match(text, quantity.end) or _GOODS_BEFORE.search(text[: quantity.start]))


def keep_nearest(text: str, quantities: list[Quantity], name: str) -> list[Quantity]:
    """Keep the amounts whose neighbouring words share the longest text with the item's name.

    Of 清单1份，需求18项, an item named 清单 keeps only 1份. Also keep amounts without a noun beside
    them, which count the same thing: 已发布项目9个，本月上线2个.
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
    """Return whether two characters beside an amount occur together in ``about``.

    ``about`` holds the words of the item. In 档案30份, the amount is beside 档案. Return True if no
    words are beside the amount.
    """
    before, after = words_beside(text, quantity)
    if not (before or after):  # Example: 网络众筹，1例，
        return True
    return any(
        words[n : n + 2] in about for words in (before, after) for n in range(len(words) - 1)
    )


def words_beside(text: str, quantity: Quantity) -> tuple[str, str]:
    """Return the words before and after an amount that may name what the amount counts."""
    before = re.split(r"[，。；、,;！!]", _BRACKETS.sub("", text[: quantity.start]))[-1][-10:]
    after = _AFTER_ENDS.split(_BRACKETS.sub("", text[quantity.end :]))[0][:8]
    return _BARE.sub("", _TOTAL.sub("", before)), after


def names_head(text: str, quantity: Quantity, name: str) -> bool:
    """Return whether an amount counts the noun at the end of a name: 30个岗位 for 链接就业岗位."""
    before, after = words_beside(text, quantity)
    return name[-2:] in (after or before)  # 台账新增63条信息 counts 信息
