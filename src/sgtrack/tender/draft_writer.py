"""Writes a draft as a target file with comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from sgtrack.model.units import plain
from sgtrack.tender.clause_proposals import AmountKey, ProposedItem
from sgtrack.tender.contract_draft import ContractDraft, DraftClause

UNKNOWN_NAME = "待填"
_PLAIN = re.compile(r"[一-龥（“《≥＞【A-Za-z][^\n\t]*")
_NOT_TEXT = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")


def scalar(text: str) -> str:
    """Return a text as a YAML scalar, quoted only if necessary."""
    bare = (
        _PLAIN.fullmatch(text)
        and text == text.strip()
        and not re.search(r":(\s|$)|\s#|[\u2028\u2029\ufeff]", text)
        and text.lower() not in _NOT_TEXT
    )
    return text if bare else json.dumps(text, ensure_ascii=False)


def to_yaml(draft: ContractDraft) -> str:
    """Return the draft as YAML that passes ``sgtrack targets check``."""
    lines = [*_head(draft), "", "categories:"]
    for category in draft.categories:
        lines += [f"  - code: {category.code}", f"    name: {scalar(category.category.name)}"]
        if category.category.content:
            lines.append(f"    content: {scalar(category.category.content)}")
        lines.append("    clauses:")
        for clause in category.clauses:
            lines += _clause(clause)
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(draft: ContractDraft) -> list[str]:
    facts = draft.facts
    checks = draft.to_check
    named = _comment(facts.street + facts.name) or "社会工作服务合同"
    lines = [
        f"# {named}：由 {_comment(draft.source)} 读出的草稿",
        "# 条款原文一字不改；数字、单位和节奏是程序读出来的，请逐条核对。",
        f"# 有 {checks} 处写了“待核对”：照后面的原因看一看，改好后删掉那一行。"
        if checks
        else "# 没有写“待核对”的地方也请看一遍。",
        "# 空着的地方是文件里没有写的，请按合同填写。",
    ]
    if draft.outside_words:
        lines.append(f"# {draft.outside_words}：用 --report 逐个看。")
    lines.append("")
    lines += [f"# 待核对：{note}" for note in draft.head_notes]
    lines += [
        f"# 没有写成指标：{_comment(text)}（{_comment(reasons)}）"
        for text, reasons in draft.set_aside
    ]
    lines += [
        f"name: {scalar(facts.name or UNKNOWN_NAME)}",
        _optional("county", facts.county),
        _optional("street", facts.street),
        _optional("package", facts.package),
        _optional("contract", facts.contract),
        "",
        "period:",
    ]
    if draft.period_note:
        lines.append(f"  # 待核对：{draft.period_note}")
    lines += [
        f"  start: {draft.start.isoformat()}",
        f"  end: {draft.end.isoformat()}",
        "  checked: true"
        if draft.period_checked
        else "  checked: false               # 期限待核对：照合同改好后写 true",
        "",
        "parties:",
        f"  {_optional('buyer', facts.buyer)}",
        "  agency:                      # 承接机构",
        "  station:                     # 社工站（室）",
    ]
    return lines


def _optional(key: str, value: str) -> str:
    return f"{key}: {scalar(value)}" if value else f"{key}:"


def _comment(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _clause(clause: DraftClause) -> list[str]:
    lines = [f"      - code: {clause.code}"]
    lines += _checks(clause.notes, 8)
    lines += [f"        text: {scalar(clause.clause.text)}", "        items:"]
    several = len(clause.codes) > 1
    for code, item in zip(clause.codes, clause.reading.items, strict=True):
        parent = clause.codes[item.part_of] if item.part_of is not None else ""
        lines += _item(item, code if several and code != clause.code else "", parent)
    return lines


def _item(item: ProposedItem, code: str, parent: str) -> list[str]:
    rows = [f"code: {code}"] if code else []
    rows += [f"part_of: {parent}"] if parent else []
    rows.append(f"name: {scalar(item.name)}")
    for key in AmountKey:
        if item.amounts.get(key):
            rows.append(f"{key.value}: {_amounts(item.amounts[key])}")
    rows += [f"role: {scalar(item.role)}"] if item.role else []
    rows += [f"due_day: {item.due_day}"] if item.due_day else []
    if item.types:
        rows.append(f"types: [{', '.join(json.dumps(t, ensure_ascii=False) for t in item.types)}]")
    rows += ["milestone: true"] if item.milestone else []
    rows += [f"due: {item.due.isoformat()}"] if item.due else []
    rows += ["series: true"] if item.series else []
    rows += [f"sessions: {item.sessions}"] if item.sessions else []
    rows += [f"each: {_amounts(item.each)}"] if item.each else []
    rows += ["once_per_person: true"] if item.once_per_person else []
    rows += ["brief: true"] if item.brief else []
    return [
        *_checks(item.notes, 10),
        *(f"{'          - ' if n == 0 else '            '}{row}" for n, row in enumerate(rows)),
    ]


def _amounts(amounts: Mapping[str, Decimal]) -> str:
    return "{" + ", ".join(f"{unit}: {plain(value)}" for unit, value in amounts.items()) + "}"


def _checks(notes: Iterable[str], indent: int) -> list[str]:
    return [f"{' ' * indent}# 待核对：{_comment(note)}" for note in notes]
