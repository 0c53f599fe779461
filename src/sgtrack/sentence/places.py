"""Finds the place of an activity in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sgtrack.model.text import any_of
from sgtrack.sentence.vocabulary import vocabulary

_PREPOSITIONS = (
    ("地点：", "地点:", "地点在", "地点为", "地点是", "地点"),
    ("在", "于"),
    ("来到", "走进", "前往", "深入", "走到", "去到", "齐聚", "相聚", "赶到", "赴"),
    ("去了", "到了", "进了", "去", "到", "进", "参观", "游览", "依托"),
)
"""Words that introduce a place, in groups from the most to the least certain."""
_SURE_PREPOSITIONS = (*_PREPOSITIONS[0], *_PREPOSITIONS[1])
_INNER = r"[^，。；、！？!,;“”《》（）()\s]"
_NO_PLACE = re.compile(
    r"\d(?!\d*(?:号[楼院门]|[)）]?班|(?:教|会议|办公)?室|栋|幢|组|单元|楼|期|社|区|网格|村|小区|街|路))|"
    r"[为给把被将让使]|[几每各]户|时(?!代|光)|平台|发布|逛|开展|举办|组织|过程|方面|基础|支持|指导|带领|引导|帮助|配合|协助|其中|居民|群众|一起|参与|"
    r"服务对象|志愿者|报送|提交|基础上|期间|之际|赶场|[大国专商厂]家$|全县|各地|^[辖片市城各全]区$|^各"
)
_HELP = re.compile(
    r"(?:社工)?的?(?:帮助|支持|指导|组织|配合|推荐|协助|带领|安排|统筹)[^，。；]{0,2}下|上班|(?:物业)?实现就业|就业|再就业|务工|工作|读书|打工|(?:做|当)[^，。；]{0,4}(?:员|师傅|保洁|保安|[钟小零]工|工人)"
)
"""Words after a name that make it a helper or a workplace instead of the activity's place."""
_HELD = re.compile(
    r"开展|举办|举行|召开|组织|设点|设摊|设立|摆摊|摆起|集中|宣讲|开讲|开课|开班|为|给|进行|成立|揭牌|启动|慰问|看望|排查|发放"
)
"""Verbs that may follow a place: in 在黄桷坪开展, 黄桷坪 is the place."""
_UNNAMED = re.compile(rf"[\u4e00-\u9fff\d]{{2,12}}?(?=[里内上]?(?:{_HELD.pattern}))")
_WALKED_TO = re.compile(rf"[\u4e00-\u9fff]{{3,10}}?(?=[，。]|{_HELD.pattern})")
_NOT_NAMED = re.compile(
    r"[下中时后前间际]$|[月日年天节季周]|过程|方面|基础|背景|同时|此|这|那|哪|线|平台|网|群|会上|活动|工作|服务|"
    r"居民|老人|儿童|孩子|学生|社工(?!站|室)|生活|心理|困难|我们|大家|自己|一堂|辖区|全|各|多|上级|部门|政府|万户|万家|身边|心|课堂|校园|基层|一线|家庭|群众|企业|自然|社会|网格|田间|县民政局$|领导|资金"
)
"""Words that show that the text between a preposition and a verb is probably not a place."""
_HOME = re.compile(
    r"(?<![之农酒厂专商国大店])家(?:中|里|头|门口|门前|楼下|客厅|床[前边])*$|自家|屋头$|屋里$|住[处所]$|床[前边]$"
    r"|[爷婆奶妈爸叔姨伯哥姐嫂娘公嬢孃婶舅姑弟妹某户民员人者童生师士邻居们]家(?:的|中|里)?(?:小?院[坝子里内]?|[地堂]?坝子?|堂屋|房)"
)
"""Words for somebody's home, which is not used as the place: 李大爷家中, 王某家院坝.

李家院子 is the name of a hamlet.
"""
_JOINED = re.compile(r"[和与及、]")
_LONGEST_JOINED = 12
"""The maximum length, in characters, of a further place after 和 or 、."""
_BESIDE = re.compile(r"(?:旁边|旁|边(?!上|缘|远)|对面|附近|外)(?!来|地|出|面)")
"""Words that name a position beside the preceding place: 火车站旁."""
_COME_TO = re.compile(r"场(?!镇|口)|会(?!议室|堂)|手(?!工)|报(?!告厅|社)|[期位岗访底账交]")
"""Characters that form another word with 到 (到场), except in the name of a place (到会议室)."""
_CLASS = re.compile(
    r"(?:[一二三四五六七八九]年级)?[一二三四五六七八九]?(?:[（(]\d{1,2}[)）]|\d{1,2})班(?:教室)?"
    r"|[A-Za-z]区|[一二三四五六]期(?!培训|班)"
)
"""A part after the name of a school or estate: 城南小学|五（2）班, 金色家园|A区."""
SPEECH = re.compile(r"“[^”]*[，。！？!?…][^”]*”")
"""Direct speech, which names neither the place nor the participants: “现在能走到菜市场！”"""
_CLAUSE = re.compile(r"[^，。；：！？!,;（）()\s]+")
_WHEN = re.compile(
    r"(?:(?:\d{4}年)?\d{1,2}[月.]\d{1,2}[日号]?|[今昨前][天日晚早]|[上本这]?周[一二三四五六日])?"
    r"(?:(?:一早|清晨|早上|上午|中午|下午|傍晚|晚上|晚)的?)?"
)
_DOES = re.compile(
    r"依托|[的了为给对和由请把被与是有让带将从来去说已交报送领到在进]|建成|会上|社工(?![站室])|联合|看望|走访|布置|整理|协助|接待|邀请|联系|链接|对接|走进|"
    r"清扫|打扫|清理|清洁|清洗|整治|整理|美化|绿化|粉刷|冲洗|擦洗|维修|修缮|修剪|改造|消杀|消毒|拆除|巡查|巡逻|检查|排查|劝导|布置|装扮|"
    r"来到|前往|进驻|成立|打造|命名|挂牌|携手|辖区|[：:、]"
)
"""Words that no place name contains; a text with one of them is more than a place."""
_ACTS = re.compile(
    r"(?:站|室|院|校|园|小学|中学|大学|所|处|居委会|村委会|中心|基地|之家|超市|[局办行]|残联|妇联|信用社)$"
)
"""Endings of place names that may also name an acting organization: 县医院."""


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """The words that name a place, and their character offset in the text."""

    words: str
    start: int


def find_place(text: str) -> PlaceMention | None:
    """Find the place of an activity, but not somebody's home: 在社区广场, 走进天池小学.

    Try the prepositions first, from the most to the least certain. Then try a place before a verb,
    and finally a clause that consists of a place.
    """
    for prepositions in _PREPOSITIONS:
        place = _find_after_preposition(text, prepositions)
        if place is not None:
            return place
    return _find_before_verb(text) or _find_lone_clause(text)


def _find_before_verb(text: str) -> PlaceMention | None:
    """Find the words between a preposition and a verb or comma: 在黄桷坪开展."""
    for preposition in re.finditer("在|来到|走进|前往|赶到|相聚|齐聚", text):
        match = (_UNNAMED if preposition[0] == "在" else _WALKED_TO).match(text, preposition.end())
        if match is None or _is_part_of_word(text, preposition):
            continue
        if not any(no.search(match[0]) for no in (_NOT_NAMED, _NO_PLACE, _HOME)):
            return PlaceMention(match[0], match.start())
    return None


def _find_lone_clause(text: str) -> PlaceMention | None:
    """Find a clause that consists of a place, or of a time and a place.

    Examples: 今天下午小区门口，… and …，社工室。
    """
    _, _, lone_place = _patterns()
    for clause in _CLAUSE.finditer(text):
        when = _WHEN.match(clause[0])
        start = clause.start() + (when.end() if when else 0)
        match = lone_place.match(text, start, clause.end())
        if match is None or _DOES.search(match["name"]) or _NO_PLACE.search(match["name"]):
            continue
        if _HOME.search(match["name"]):
            continue
        last = not text[clause.end() :].strip("。！ ")
        after_day = re.search(r"[日号天午晚\d][，,\s]$", text[: clause.start()])
        only = match.end() == clause.end() and (after_day or (when and when[0]))
        if _ACTS.search(match["name"]) and not (match["inner"] or last or only):
            continue
        end = match.end("name") if match["inner"] in ("里", "内", "上", "") else match.end("inner")
        return PlaceMention(text[start:end], start)
    return None


def _find_after_preposition(text: str, prepositions: tuple[str, ...]) -> PlaceMention | None:
    place, continuation, _ = _patterns()
    spoken = [speech.span() for speech in SPEECH.finditer(text)]
    for preposition in re.finditer("|".join(prepositions), text):
        quoted = any(start < preposition.start() < end for start, end in spoken)
        match = place.match(text, preposition.end())
        if match is None or quoted or _is_part_of_word(text, preposition):
            continue
        end = match.end()
        while more := continuation.match(text, end):  # Example: 社区|党群服务中心|三楼会议室.
            end = more.end()
        if classroom := _CLASS.match(text, end):
            end = classroom.end()
        if beside := _BESIDE.match(text, end):
            end = beside.end()
        while joined := _JOINED.match(text, end):
            more = place.match(text, joined.end())
            if more is None or len(more[0]) > _LONGEST_JOINED or _NO_PLACE.search(more[0]):
                break
            if _HOME.search(more[0]):
                break
            end = more.end()
        start = preposition.end() + max(
            text[preposition.end() : end].rfind(inner) + 1 for inner in _SURE_PREPOSITIONS
        )
        words = text[start:end]
        # A list of places may repeat 进: 进小区、进学校.
        kinds = [part.removeprefix("进") for part in _JOINED.split(words)]
        campaigns = vocabulary().campaign_places
        only_kind = campaigns.issuperset(kinds) and preposition[0] not in _SURE_PREPOSITIONS
        sent_to = text[: preposition.start()].endswith("送") and _ACTS.search(words)
        basis = preposition[0] == "依托" and not re.match(rf"，|{_HELD.pattern}", text[end:])
        helper = _HELP.match(text, end) or _NO_PLACE.search(words)
        if not (sent_to or basis or only_kind or helper or _HOME.search(words)):
            return PlaceMention(words, start)
    return None


def _is_part_of_word(text: str, preposition: re.Match[str]) -> bool:
    """Return whether the preposition is part of another word: 存在, 达到, 推进, 关于, 进一步."""
    before = text[: preposition.start()][-1:]
    after = text[preposition.end() : preposition.end() + 2]
    match preposition[0]:
        case "到" | "到了":
            if text[: preposition.start()].endswith("同学"):
                return False
            return bool(_COME_TO.match(text, preposition.end())) or before in tuple(
                "达得收感受遇看听学找接提直来走去赶交报享系筹募请"
            )
        case "在":
            return before in tuple("存实现旨正好闷待呆住宅躺困留")
        case "于":
            return before in tuple("关对由属善便等勇基鉴终至限")
        case "进":
            return before in tuple("推促增改先引走跟") or after == "一步" or after[:1] == "行"
    return False


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Compile the patterns of a place, its continuation, and a clause that is only a place."""
    words = vocabulary()
    sure, weak = any_of(words.place_ends), any_of(words.place_ends_weak)
    follows = "|".join(words.after_place)
    named = rf"(?:(?:{sure})(?![员者长工民生]|业主|微信)|“[^“”，。的]{{1,10}}(?:{sure})”)"
    followed = rf"(?:{weak})(?=(?:{follows})|[，。；、！!,;“《（(和与及\s]|$)"
    return (
        re.compile(rf"{_INNER}{{0,22}}?(?:{named}|(?<={_INNER}){followed})"),
        re.compile(rf"(?!{follows}){_INNER}{{0,8}}?(?:{named}|(?<={_INNER}){followed})"),
        re.compile(
            rf"(?P<name>{_INNER}{{0,16}}?(?:{sure})|{_INNER}{{2,12}}?(?:{weak})(?=[里内外旁]))"
            r"(?P<inner>[里内上外旁边]|旁边|对面|门前|)(?:$|(?=坐|站满|挤|围满|传来|响起|热闹|人头|摆|搭|支起|设|来了|笑声|欢声|歌声|掌声|座无虚席|气氛|暖意|讲|召开|开会|开课|开讲|集合|开展|举办|举行|迎来|上演))"
        ),
    )
