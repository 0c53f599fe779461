"""Finds the phrases of a sentence, and the contract words that they stand for.

The strength of a phrase is 1 if it states a contract word, and less if it only hints at the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from sgtrack.model.numerals import narrow
from sgtrack.model.text import any_of
from sgtrack.sentence.places import SPEECH, find_place
from sgtrack.sentence.vocabulary import vocabulary

CERTAIN = 0.7
"""The minimum strength of a phrase that states a contract word instead of hinting at it."""
_HINT = 0.4
"""The strength of a phrase that only hints at a contract word."""
_LOOSELY = CERTAIN
"""The factor that reduces the strength of phrases inside a match of ``_LOOSE``."""
_BESIDE = 0.6
"""The factor that reduces the strength of phrases inside a match of ``_MENTIONED``, to a hint."""
_FURTHER = 0.12
"""The relative increase in strength for each further phrase for the same contract word."""
_FURTHER_MOST = 3
"""The maximum number of further phrases that increase the strength."""
_LOOSE = re.compile(
    r"(?:“[^”]*”|《[^》]*》)(?!推送|公众号|客户端|视频号|栏目|[先再]?[刊播]|报道|发布|转载|聚焦)|(?:[^，。；、]{1,8}、)+[^，。；、]{1,8}等(?=[\u4e00-\u9fff]{2})"
    r"|(?<=报道|刊发|刊登|播出|播发|转载|登载|推送)了?[^，。；\d]{2,}"
    r"|[^，。；]{2,}的(?=(?:典型)?案例|报道|稿件|经验|小组|个案)"
    r"|^为了?(?:进一步)?[^，。；]{2,}(?=，)|用于[^，。；]*"
)
"""Titles, lists before 等, topics of reports and cases, and purposes.

A phrase inside a match is weaker evidence than a phrase outside.
"""
_MENTIONED = re.compile(
    r"排查[^，。；]{0,8}隐患|(?:叮嘱|提醒|嘱咐|叮咛|指导[其他她]们?)[^，。；]*"
    r"|(?:谈到|谈及|提到|聊到|说到|说起|问起|商量|商讨|商议|听说)[^，。；]*|(?:汇报|介绍|通报)了?[^，。；]*的(?:经验|做法|情况|进展|成效|工作)"
)
"""Text about subjects that were only mentioned: reminders, and topics of a talk.

A phrase inside a match only hints at an activity.
"""
_ASIDE = re.compile(
    r"(?:结合|根据|依据|按照)[^，。；]*?(?=，|设计|制定|策划|编写|开展|实施)|(?:结合|通过|经过)(?:前期[^，。；]*|[^，。；]*(?:排查|核实|走访|摸底|评估)[^，。；]{0,2}(?=，))|对照[^，。；把将]*"
    r"|(?:涵盖|包括|包含)[^，。；]*|参加过[^，。；的]*的|(?:下一步|接下来|后续|下周|下个?月)[^，。；]*"
    r"|(?:更新|整理)(?!出)[^，。；]{0,6}档案|档案[^，。；]{0,4}(?:更新|整理)(?!出)|整理(?![出成])[^，。；\d需]{0,4}台账|台账[^，。；\d]{0,2}(?:整理|归档)"
    r"|(?:集结|联合|发动|动员|邀请|整合|汇聚|携手|凝聚|号召|组织)了?(?:[\d两二三四五六七八九十]+[家支个])?(?:社区)?社会组织"
    r"|社会组织“[^”]*”(?=[｜为]|给|在|到|走进|来到|开展|组织)"
    r"|(?:讲解|讲述|剖析|通报|分析|列举|播放)[^，。；]{0,6}案例"
    r"|(?:社工|社区工作者|工作人员|我站|社区干部)[^，。；]{0,6}(?:(?:赴|前往|外出)[^，。；]{0,12}(?:参加|学习|考察)|到[^，。；]{1,8}考察)[^，。；]*"
    r"|同时[^，。；]{0,8}?(?:宣传|讲解|普及|解答|发放)[^，。；]*|顺[带便道][^，。；]*"
    r"|分[成为][^，。；]{0,4}小?组"
    r"|[^，。；、]{0,6}(?:宣讲员|讲师|师资|督导员?|带头人|骨干)[^，。；、]{0,4}培训"
)
"""Text about something other than the activity itself.

Examples are earlier or later activities, side topics, staff training, and lists of contents
(涵盖…).
"""
_NOT_DONE = re.compile(
    r"(?:(?<!从)没有?|未能?|尚未|还没有?|没能|暂未|取消了?|停办了?"
    r"|(?<!原)(?:计划|拟|将|准备|打算)[于在]?(?:｜|[一二三四五六七八九十]+月|下个?[月周])份?)(?:再|正式|如期|按时)?"
    r"(?:开展|举行|举办|办成?|开成|召开|刊发|播出|刊登|见报|发布|完成|提交|上报|备案|注册|启动|签订|签约)[^，。；]*"
    r"|筹备[^，。；]*|准备[^，。；]{0,8}[材资]料"
)
"""Text about activities that were cancelled or are still planned."""
_SENTENCE_END = re.compile(r"(?<=[。！？])(?![”’」）)])")
_SIDE = re.compile(
    r"“|(?:在?(?:活动|培训|讲座|宣讲|课堂|座谈|走访|慰问|演练|服务|义诊|仪式)(?:现场|中|期间|伊始|最后|尾声|结束后?|过程中)|现场|其间|期间"
    r"|[^，。]{1,14}(?:环节|过程中|的同时)|(?:此次|本次|这次)(?:活动|服务|宣讲|培训|讲座)|社工还|志愿者还|大家还|[^，。]{0,6}纷纷|同时，)"
)
"""Beginnings of sentences about the course of an activity, and not about its subject."""
_DAY = re.compile(r"\d+\s*[年月日号]|协助|帮助|为(?=老[人年])")
"""Dates, and words whose last character forms a false phrase with the next characters.

Examples: 日报 in 5月20日报社区, 助残 in 协助残疾人.
"""
_CLAUSE_ENDS = re.compile(
    r"[，。；！,;]|(?<=.)(?=[并还](?:[为给对向在现带帮与和]|开展|组织|举办|推荐|发放|进行|协助))|(?<=[次人名位户场个份例篇支期])、"
)
"""The ends of clauses: punctuation, and conjunctions before a further activity (并开展, 还组织)."""
_CLAUSE_LEAST = 3
"""The minimum number of characters of a clause that can describe an activity."""
_ACT = re.compile("宣讲(?!厅|室|点|台)|^(?:清扫|清理|打扫|走访|排查|讲解|宣传)")
_GAP = "…"
"""The separator between the parts of a phrase; other words may lie between the parts."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of a sentence, and the contract words that they stand for.

    The strength of a stated word is 1, and the strength of a hint is less. At most three further
    phrases for the same contract word increase the strength.

    In ``text``, separators replace the place, the dates and the asides of the sentence. ``pairs``
    maps each pair of adjacent Chinese characters to its strength. ``meanings`` maps each contract
    word to its strength, and ``phrases`` maps it to the words that support it. ``whom`` are the
    groups of people that the sentence mentions. ``denied`` are contract words for activities that
    did not take place.
    """

    text: str
    pairs: Mapping[str, float]
    meanings: Mapping[str, float]
    phrases: Mapping[str, frozenset[str]]
    whom: frozenset[str]
    denied: frozenset[str]


def read_phrases(text: str) -> tuple[Phrases, Phrases]:
    """Read the phrases of a sentence in two ways, and return both readings.

    Use the second reading for items for a group of people that the sentence mentions, and the first
    reading for all other items. Phrases that depend on the group are stronger in the second
    reading.
    """
    stated = _without_asides(text)
    return _read_both(stated, _groups_meant(stated))


def read_clauses(text: str) -> list[tuple[Phrases, Phrases]]:
    """Read the phrases of each main clause of a sentence, as :func:`read_phrases` does.

    A clause that mentions no group of people takes over the groups of the whole sentence.
    """
    stated = _without_asides(text)
    whom = _groups_meant(stated)
    main = _LOOSE.sub("｜", _MENTIONED.sub("｜", stated))
    clauses = [clause for clause in _CLAUSE_ENDS.split(main) if len(clause) >= _CLAUSE_LEAST]
    return [_read_both(clause, mentioned_groups(clause) or whom) for clause in clauses]


def _without_asides(text: str) -> str:
    """Replace the place, the dates and the asides of a sentence by separators."""
    text = _without_side_sentences(text)
    place = find_place(text)
    is_place = place and not _ACT.search(place.words)  # 小区宣讲绿色殡葬 is more than a place.
    stated = text.replace(place.words, "｜") if place and is_place else text
    stated = _DAY.sub("｜", narrow(stated))
    for aside in _asides():
        stated = aside.sub("｜", stated)
    return stated


def _groups_meant(stated: str) -> frozenset[str]:
    return mentioned_groups(SPEECH.sub("｜", stated)) or mentioned_groups(stated)


def _read_both(stated: str, whom: frozenset[str]) -> tuple[Phrases, Phrases]:
    return _read_phrases(stated, whom, theirs=False), _read_phrases(stated, whom, theirs=True)


def _without_side_sentences(text: str) -> str:
    """Drop later sentences about the course of an activity (活动现场，…), and direct speech."""
    first, *further = _SENTENCE_END.split(text)
    return first + "".join(sentence for sentence in further if not _SIDE.match(sentence))


def _read_phrases(stated: str, whom: frozenset[str], *, theirs: bool) -> Phrases:
    pairs: dict[str, float] = {}
    meanings: dict[str, float] = {}
    phrases: dict[str, frozenset[str]] = {}
    main = _MENTIONED.sub("｜", stated)
    for part, share in ((stated, _BESIDE), (main, _LOOSELY), (_LOOSE.sub("｜", main), 1.0)):
        for pair in pairs_of(part):
            pairs[pair] = share
        spans = _phrases_in(part)
        for meaning, expressions, strength in _weighted_phrases(theirs=theirs):
            if evidence := frozenset(spans[phrase] for phrase in spans.keys() & set(expressions)):
                weight = strength * (1 + _FURTHER * min(len(evidence) - 1, _FURTHER_MOST)) * share
                meanings[meaning] = max(meanings.get(meaning, 0.0), weight)
                phrases[meaning] = phrases.get(meaning, frozenset()) | evidence
    for meaning, weight in meanings.items():
        for pair in pairs_of(meaning):
            pairs[pair] = max(pairs.get(pair, 0.0), weight)
    return Phrases(stated, pairs, meanings, phrases, whom, _denied(stated, theirs=theirs))


def _denied(stated: str, *, theirs: bool) -> frozenset[str]:
    """Return the contract words for activities that did not take place: 没有开展入户访视."""
    phrases: set[str] = set()
    for match in _NOT_DONE.finditer(stated):
        before = re.split("[，。；]", stated[: match.start()])[-1]
        phrases.update(_phrases_in(before + match[0]))
    return frozenset(
        meaning
        for meaning, expressions, _ in _weighted_phrases(theirs=theirs)
        if phrases & set(expressions)
    )


@lru_cache(maxsize=4096)  # Every sentence needs the groups of the same contract texts.
def mentioned_groups(text: str) -> frozenset[str]:
    """Return the groups of people that a text names or implies."""
    return named_groups(text) | _groups_in(text, vocabulary().speaks_of)


def named_groups(text: str) -> frozenset[str]:
    """Return the groups of people that a text names."""
    return _groups_in(text, vocabulary().whom)


def _groups_in(text: str, lists: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(who for who, words in lists.items() if any(word in text for word in words))


def pairs_of(text: str) -> set[str]:
    """Return every pair of adjacent Chinese characters."""
    return {
        run[n : n + 2] for run in re.findall(r"[\u4e00-\u9fff]+", text) for n in range(len(run) - 1)
    }


def _weighted_phrases(*, theirs: bool) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """Yield each contract word with its phrases and their strength.

    ``theirs`` is true if the item is for a group that the sentence mentions.
    """
    words = vocabulary()
    for lists, strength in (
        (words.meanings, 1.0),
        (words.with_whom, 1.0 if theirs else _HINT),
        (words.hints, _HINT),
    ):
        for meaning, phrases in lists.items():
            yield meaning, phrases, strength


def _phrases_in(text: str) -> dict[str, str]:
    """Map each vocabulary phrase in a text to the words that match the phrase.

    A phrase inside a longer phrase is dropped. Phrases with a gap (…) are exempt from this rule.
    """
    spans = [
        (match.start(), match.end(), phrase)
        for phrase, pattern in _patterns().items()
        for match in pattern.finditer(text)
    ]
    return {
        phrase: text[start:end]
        for start, end, phrase in spans
        if _GAP in phrase
        or not any(
            a <= start and end <= b and b - a > end - start and _GAP not in longer
            for a, b, longer in spans
        )
    }


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Compile a pattern for every phrase of the vocabulary.

    The gap (…) in 案例…报送 matches at most 12 characters of the same clause.
    """
    words = vocabulary()
    lists = (*words.meanings.values(), *words.with_whom.values(), *words.hints.values())
    return {
        phrase: re.compile(r"[^，。；！]{0,12}?".join(re.escape(p) for p in phrase.split(_GAP)))
        for phrases in lists
        for phrase in phrases
    }


@cache
def _asides() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of text to ignore: asides, things (个案室), and lists of actors."""
    actor = f"(?:{any_of(vocabulary().actors)})"
    actors = re.compile(rf"{actor}(?:[、和与及]{actor})+")
    return _ASIDE, re.compile(any_of(vocabulary().things)), actors
