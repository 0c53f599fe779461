"""Checks a contract after its files were validated; each function is one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from sgtrack.model.errors import Problem
from sgtrack.model.units import HEADCOUNT, UNITS, Measure, is_distinct
from sgtrack.targets.change_rules import AMOUNT_KEYS, CHANGE_RULES, LONGEST_YEARS
from sgtrack.targets.contract_builder import WrittenContract, WrittenItem

Rule = Callable[[WrittenContract], Iterator[Problem]]


def check_contract(contract: WrittenContract) -> list[Problem]:
    """Apply every rule to a contract and return the problems."""
    return [problem for rule in (*RULES, *CHANGE_RULES) for problem in rule(contract)]


def _period_runs_forward(contract: WrittenContract) -> Iterator[Problem]:
    period = contract.community.period
    if period.end < period.start:
        yield contract.source.problem(
            ("period", "end"),
            f"项目结束（{period.end}）早于开始（{period.start}）",
            "照合同改正 start 和 end",
        )
    elif period.end.year - period.start.year > LONGEST_YEARS:
        yield contract.source.problem(
            ("period", "end"),
            f"项目期从 {period.start} 到 {period.end}，超过 {LONGEST_YEARS} 年",
            "照合同改正 start 和 end",
        )


def _codes_are_unique_and_nested(contract: WrittenContract) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for category in contract.categories:
        if category.code in seen:
            yield category.problem(
                ("code",), f"服务类别编号 {category.code} 用了两次", "每个类别一个编号"
            )
        seen[category.code] = "category"
        for clause in category.clauses:
            if clause.code in seen:
                yield clause.problem(
                    ("code",), f"条款编号 {clause.code} 用了两次", "每个条款一个编号"
                )
            if not clause.code.startswith(f"{category.code}."):
                yield clause.problem(
                    ("code",),
                    f"条款编号 {clause.code} 不在类别 {category.code} 之下",
                    f"写成 {category.code}.1 这样",
                )
            seen[clause.code] = "clause"
            yield from _item_codes(clause.code, clause.items, seen)


def _item_codes(
    clause: str, items: tuple[WrittenItem, ...], seen: dict[str, str]
) -> Iterator[Problem]:
    for n, item in enumerate(items, start=1):
        at = ("code",)
        if seen.get(item.code) == "item":
            remedy = f"写 code: {clause}.{n}" if item.file.code is None else "每个服务项一个编号"
            yield item.problem(at, f"服务项编号 {item.code} 用了两次", remedy)
        if item.code != clause and not item.code.startswith(f"{clause}."):
            yield item.problem(
                at, f"服务项编号 {item.code} 不在条款 {clause} 之下", f"写成 {clause}.{n} 这样"
            )
        seen[item.code] = "item"


def _clauses_are_whole(contract: WrittenContract) -> Iterator[Problem]:
    for clause in contract.clauses:
        if not clause.text:
            added = clause.place[:1] == ("changes",)
            yield clause.problem(
                (),
                f"{contract.community.name}没有条款 {clause.code} 的原文",
                "在这里加一行 text"
                if added
                else f"在 {contract.source.file} 的 differs 下写 {clause.code} 的 text",
            )
        if not clause.items:
            yield clause.problem(
                ("items",),
                f"条款 {clause.code} 没有服务项",
                "至少写一项；没有数字的写 milestone: true",
            )


def _names_are_unique(contract: WrittenContract) -> Iterator[Problem]:
    code_of: dict[str, str] = {}
    for item in contract.items:
        if item.file.name in code_of:
            yield item.problem(
                ("name",),
                f"服务项名称“{item.file.name}”和 {code_of[item.file.name]} 重复",
                "换一个能区分的名称",
            )
        code_of.setdefault(item.file.name, item.code)


def _parts_have_parents(contract: WrittenContract) -> Iterator[Problem]:
    parent_of = {item.code: item.file.part_of for item in contract.items}
    for item in contract.items:
        parent = item.file.part_of
        if parent is None:
            continue
        at = ("part_of",)
        if parent not in parent_of:
            yield item.problem(at, f"{item.code} 的上级 {parent} 不存在", "改成已有服务项的编号")
            continue
        chain = [item.code]
        step: str | None = parent
        while step is not None and step not in chain:
            chain.append(step)
            step = parent_of.get(step)
        if step is not None:
            yield item.problem(at, f"{item.code} 成了自己的上级", "删掉这里的 part_of")


def _units_are_known(contract: WrittenContract) -> Iterator[Problem]:
    for item in contract.items:
        for key in (*AMOUNT_KEYS, "each", "records"):
            for unit in getattr(item.file, key):
                if unit not in UNITS:
                    close = get_close_matches(unit, UNITS, n=3, cutoff=0.4)
                    guess = f"是不是“{'”“'.join(close)}”？" if close else ""
                    yield item.problem(
                        (key, unit),
                        f"不认识的单位“{unit}”",
                        f"{guess}可用的单位：{' '.join(UNITS)}",
                    )
        for key in ("total", "monthly", "quarterly", "yearly", "each"):
            for unit, amount in getattr(item.file, key).items():
                if amount != int(amount) and not _is_time(unit):
                    yield item.problem(
                        (key, unit), f"{amount}{unit}不是整数", "只有小时和学时可以有小数"
                    )
        distinct = {unit for unit in (*item.file.total, *item.file.records) if is_distinct(unit)}
        if len(distinct) > 1:
            yield item.problem(
                (),
                f"{item.code} 有两个按名称计的单位（{'、'.join(sorted(distinct))}）",
                "拆成两个服务项，各写一个 code",
            )


def _is_time(unit: str) -> bool:
    return unit in UNITS and UNITS[unit].measure is Measure.TIME


def _indicators_make_sense(contract: WrittenContract) -> Iterator[Problem]:
    for item in contract.items:
        file = item.file
        rhythms = (file.monthly, file.quarterly, file.yearly)
        counted = bool(file.total or any(rhythms) or file.per_person)
        if not counted and not file.milestone:
            yield item.problem(
                (),
                f"{item.code} 没有指标",
                "写 total、monthly 等数量；没有数字的写 milestone: true",
            )
        if counted and file.milestone:
            yield item.problem(
                ("milestone",), f"{item.code} 有数量又写了 milestone", "有数量的不写 milestone"
            )
        if bool(file.per_person) != (file.role is not None):
            yield item.problem(
                (),
                f"{item.code} 的 per_person 和 role 要一起写",
                "如 per_person: {学时: 20} 和 role: 社区工作者",
            )
        if file.types and not file.total:
            yield item.problem(
                ("types",), f"{item.code} 写了 types，却没有 total", "写 total，如 {支: 8}"
            )


def _due_dates_make_sense(contract: WrittenContract) -> Iterator[Problem]:
    start, end = contract.community.period.start, contract.last_day
    for item in contract.items:
        file = item.file
        if file.due_day is not None and not file.monthly:
            yield item.problem(
                ("due_day",), "due_day 只用在每月的指标", "加 monthly，或删掉 due_day"
            )
        if file.due is not None and not start <= file.due <= end:
            yield item.problem(
                ("due",), f"截止日期 {file.due} 不在项目期内", f"写 {start} 到 {end} 之间的日期"
            )
        if file.due is not None and not file.milestone:
            yield item.problem(("due",), "due 只用在 milestone", "每月几日前写 due_day")


def _series_make_sense(contract: WrittenContract) -> Iterator[Problem]:
    for item in contract.items:
        file = item.file
        if file.series and not any(
            unit in UNITS and UNITS[unit].measure is Measure.WORKS for unit in file.total
        ):
            yield item.problem(
                ("series",),
                f"{item.code} 写了 series，却没有按“个”计的指标",
                "写 total: {个: 4}，或删掉 series",
            )
        if file.sessions is not None and not file.series:
            yield item.problem(
                ("sessions",), "sessions 只用在小组和个案", "加 series: true，或删掉 sessions"
            )


def _conditions_make_sense(contract: WrittenContract) -> Iterator[Problem]:
    for item in contract.items:
        file = item.file
        for unit in file.each:
            if unit in UNITS and UNITS[unit].measure in (Measure.OCCASIONS, Measure.WORKS):
                yield item.problem(
                    ("each", unit),
                    f"each 里不能写“{unit}”：一次活动就是一{unit}",
                    "each 写每次活动须达到的人数、小时、份数；小组满几次计一个写 sessions",
                )
        amounts = (file.total, file.monthly, file.quarterly, file.yearly)
        counts_people = any(HEADCOUNT.intersection(units) for units in amounts)
        if file.once_per_person and not counts_people:
            yield item.problem(
                ("once_per_person",),
                f"{item.code} 写了 once_per_person，却没有按人次、人、名计的指标",
                "加上人次的指标，或删掉 once_per_person",
            )


def _planning_keys_make_sense(contract: WrittenContract) -> Iterator[Problem]:
    items = {item.code: item for item in contract.items}
    for item in contract.items:
        for code in item.file.serves:
            at = ("serves",)
            if code not in items:
                yield item.problem(
                    at, f"{item.code} 的 serves 里没有服务项 {code}", "改成已有服务项的编号"
                )
            elif code in _ancestry(items, item.code) or item.code in _ancestry(items, code):
                yield item.problem(
                    at,
                    f"{item.code} 本来就和 {code} 一起计",
                    f"从 serves 里去掉 {code}；“其中”的部分自动计入上级",
                )
        served = [item.code, *(code for code in item.file.serves if code in items)]
        units = {
            unit
            for code in served
            for counted in _ancestry(items, code)
            for key in (*AMOUNT_KEYS, "records")
            for unit in getattr(items[counted].file, key)
        }
        for unit, amount in item.file.usually.items():
            if unit not in units:
                yield item.problem(
                    ("usually", unit),
                    f"{item.code} 的 usually 里没有单位“{unit}”",
                    f"可用的单位：{'、'.join(sorted(units)) or '（没有）'}",
                )
            elif amount != int(amount) and not _is_time(unit):
                yield item.problem(
                    ("usually", unit), f"{amount}{unit}不是整数", "只有小时和学时可以有小数"
                )


def _ancestry(items: dict[str, WrittenItem], code: str) -> list[str]:
    """Return the codes of an item and its parents; stop at an unknown or repeated parent."""
    ancestry: list[str] = []
    step: str | None = code
    while step in items and step not in ancestry:
        ancestry.append(step)
        step = items[step].file.part_of
    return ancestry


def _evidence_has_names(contract: WrittenContract) -> Iterator[Problem]:
    for item in contract.items:
        for kind in item.file.evidence or ():
            if not kind or len(kind) > 20 or any(ch.isspace() for ch in kind):
                yield item.problem(
                    ("evidence",),
                    f"佐证材料“{kind}”写得不对",
                    "写简短的名称，不带空格，如 [签到表, 照片]",
                )


def _one_item_is_the_brief(contract: WrittenContract) -> Iterator[Problem]:
    marked = [item for item in contract.items if item.file.brief]
    for item in marked:
        if set(item.file.monthly) != {"期"}:
            yield item.problem(
                ("brief",),
                f"{item.code} 写了 brief，却不是每月几期",
                "写 monthly: {期: 1}，或删掉 brief",
            )
    for item in marked[1:]:
        yield item.problem(
            ("brief",), f"{marked[0].code} 已经写了 brief", "只有一个服务项能写 brief"
        )


RULES: tuple[Rule, ...] = (
    _period_runs_forward,
    _codes_are_unique_and_nested,
    _clauses_are_whole,
    _names_are_unique,
    _parts_have_parents,
    _units_are_known,
    _indicators_make_sense,
    _due_dates_make_sense,
    _series_make_sense,
    _conditions_make_sense,
    _planning_keys_make_sense,
    _evidence_has_names,
    _one_item_is_the_brief,
)
