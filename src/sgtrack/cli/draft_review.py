"""``targets draft --review``: walks through a draft clause by clause on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal

import typer

from sgtrack.cli.prompts import GoBack, ask, ask_choice, can_ask, key_of
from sgtrack.model.contract import Period
from sgtrack.model.errors import Refused
from sgtrack.screen.tender_view import clause_lines
from sgtrack.tender.clause_people import UNKNOWN_ROLE
from sgtrack.tender.clause_proposals import KEY_LABELS, AmountKey, ProposedItem
from sgtrack.tender.contract_draft import ContractDraft, DraftClause
from sgtrack.tender.review_changes import (
    AmountPlace,
    amount_words,
    change_amount,
    change_condition,
    check_unit,
    list_amounts,
    parse_amount,
    refit,
    remove_amount,
    settle,
    settle_draft,
)

KEYS = "回车=对，n 数字，u 单位，r 节奏，c 条件，x 不是指标"
_KEYS = ("", "n", "u", "r", "c", "x")


def require_terminal() -> None:
    """Check that questions can be asked.

    Raises:
        Refused: standard input or output is not a terminal.
    """
    if not can_ask():
        raise Refused(
            "--review 要在终端里逐条问", "在终端里运行，或去掉 --review，存好以后对照原文改"
        )


def review_draft(draft: ContractDraft) -> ContractDraft:
    """Ask about every clause of a draft, then about its name and period; return the result.

    Raises:
        typer.Abort: the officer pressed Ctrl-C; nothing is written then.
    """
    clauses = draft.clauses
    reviewed: dict[str, DraftClause | None] = {}
    typer.echo(f"{draft.title}\n逐条核对：{KEYS}；< 回到上一条；Ctrl-C 停下，什么也不写")
    at = 0
    while at < len(clauses):
        clause = clauses[at]
        try:
            reviewed[clause.code] = _review_clause(
                clause, Period(draft.start, draft.end), f"{at + 1}/{len(clauses)}", first=at == 0
            )
        except GoBack:
            at -= 1
        else:
            at += 1
    name = draft.facts.name or ask("社区名称（合同里没有读到）", _require_text)
    start = _ask_day("项目开始", draft.start)
    end = _ask_day("项目结束", draft.end, start)
    return settle_draft(draft, reviewed, name, start, end)


def _review_clause(
    clause: DraftClause, period: Period, place: str, *, first: bool
) -> DraftClause | None:
    """Show a clause and change it until the officer accepts it; return None if it is dropped."""
    # The copy keeps the clause unchanged, in case the officer returns to it with <.
    current: DraftClause | None = replace(clause, reading=deepcopy(clause.reading))
    while current is not None:
        typer.echo(f"\n{current.code} {current.clause.text}")
        for line in clause_lines(current):
            typer.echo(f"  {line}")
        key = key_of(ask(place, check_key, hint=KEYS, can_go_back=not first))
        if not key:
            _ask_roles(current)
            return settle(current)
        current = _change(current, key)
        if current is not None:
            refit(current, period)
    typer.echo("  这一条不写成指标")
    return None


def _ask_roles(clause: DraftClause) -> None:
    for item in clause.reading.items:
        if item.role == UNKNOWN_ROLE:
            item.role = ask(f"{item.name}：按哪些人的名册，如 社区工作者", _require_text)


def _change(clause: DraftClause, key: str) -> DraftClause | None:
    amounts = list_amounts(clause)
    chosen = amounts[0]
    if len(amounts) > 1:
        chosen = amounts[ask_choice("改哪一个", [amount_words(clause, a) for a in amounts])]
    if key == "x":
        return remove_amount(clause, chosen)
    item = clause.reading.items[chosen.item]
    if key == "c":
        text = ask("每次（每个）至少，如 30人、6节；都不要就写 无", _check_condition)
        change_condition(item, text)
        return clause
    _change_amount(item, chosen, key)
    return clause


def _change_amount(item: ProposedItem, chosen: AmountPlace, key: str) -> None:
    value = Decimal(1)
    unit, amount_key = chosen.unit or "次", chosen.key or AmountKey.TOTAL
    if chosen.key is not None:
        value = item.amounts[chosen.key][chosen.unit]
    if key == "n" or chosen.key is None:
        value, unit = parse_amount(ask("数字，如 12 或 12场", _check_amount(unit)), unit)
    elif key == "u":
        unit = check_unit(ask("单位，如 场、人次", check_unit))
    if key == "r":
        keys = list(AmountKey)
        amount_key = keys[ask_choice("节奏", [KEY_LABELS[each] for each in keys])]
    change_amount(item, chosen, value, unit, amount_key)


def check_key(answer: str) -> None:
    """Check that an answer is one of the keys.

    Raises:
        Refused: it is another one.
    """
    if key_of(answer) not in _KEYS:
        raise Refused(f"没有“{answer}”这个键", KEYS)


def _check_condition(answer: str) -> None:
    change_condition(ProposedItem(), answer)


def _check_amount(unit: str) -> Callable[[str], object]:
    return lambda answer: parse_amount(answer, unit)


def _require_text(answer: str) -> None:
    if not answer:
        raise Refused("还没有写", "写合同里的名称")


def _ask_day(label: str, proposed: date, start: date | None = None) -> date:
    def check(answer: str) -> date:
        try:
            day = date.fromisoformat(answer or proposed.isoformat())
        except ValueError:
            raise Refused(f"“{answer}”不是日期", "照 2026-01-01 的样子写") from None
        if start is not None and day <= start:
            raise Refused(f"结束日 {day} 不在开始日 {start} 之后")
        return day

    return check(ask(f"{label}（回车={proposed}）", check))
