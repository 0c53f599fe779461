"""Shows the findings of ``check`` and the faults of ``verify`` on the screen and as JSON."""

from __future__ import annotations

from typing import Any

import typer
from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.app.run_checks import CheckResult
from sgtrack.checks.findings import Finding, Topic, entry_words
from sgtrack.checks.integrity import ChainPlace, Integrity, IntegrityFault
from sgtrack.model.contract import Project
from sgtrack.model.record_kinds import KIND_LABELS
from sgtrack.screen.console import Paragraph, grid, out

TOPIC_ON_SCREEN = {
    Topic.EVIDENCE_DAMAGED: "佐证材料有变",
    Topic.EVIDENCE_MISSING: "缺佐证材料",
    Topic.FILE_USED_TWICE: "一个文件用于多次活动",
    Topic.ITEM_UNKNOWN: "合同外的服务项",
    Topic.CONTRACT_CHANGED: "目标文件已修改，但未写明变更（changes）",
    Topic.NAMES_MISSING: "按人数计但未写姓名",
    Topic.NAMES_ALIKE: "可能是同一个人",
    Topic.SERIES_ALIKE: "可能是同一个小组或个案",
    Topic.CONDITION_MISSED: "未达到合同对每次活动的要求，不计入",
    Topic.CLOSED_EARLY: "小组、个案未满次数即结束",
    Topic.SEVERAL_ITEMS: "一次活动同时计入几项",
    Topic.AMOUNT_OUTLYING: "数量异常",
    Topic.IN_CONFLICT: "几台电脑的更正不一致",
    Topic.ISSUED_TWICE: "同一个月发出两份简报",
    Topic.ENTERED_TWICE: "可能两台电脑重复记录了同一次活动",
}


def print_findings(result: CheckResult, with_names: bool) -> None:
    """Print the communities without a target file, then the findings of each community."""
    for slug, count in result.unknown:
        typer.echo(_unknown_words(slug, count))
    for name in result.copies:
        typer.echo(_copy_words(name))
    for project, findings in result.findings:
        if findings:
            out().print(finding_table(project, findings, with_names))


def check_json(result: CheckResult, with_names: bool) -> list[dict[str, Any]]:
    """Return all findings as JSON values."""
    return (
        [
            {
                "community": project.slug,
                "topic": finding.topic.value,
                "entries": [entry.id for entry in finding.entries],
                "message": finding.message,
                **({"names": list(finding.names)} if with_names and finding.names else {}),
            }
            for project, findings in result.findings
            for finding in findings
        ]
        + [
            {
                "community": slug,
                "topic": "community_unknown",
                "entries": [],
                "message": _unknown_words(slug, count),
            }
            for slug, count in result.unknown
        ]
        + [
            {"community": None, "topic": "ledger_copy", "entries": [], "message": _copy_words(name)}
            for name in result.copies
        ]
    )


def _copy_words(name: str) -> str:
    return (
        f"台账旁边的“{name}”像是网盘在两台电脑同时改动后留的副本，里面可能有这里没有的记录："
        "用 sgtrack merge 并进来，再把它移走"
    )


def _unknown_words(slug: str, count: int) -> str:
    return f"社区 {slug} 有 {count} 条记录，没有目标文件：把 {slug}.yaml 放进 targets"


def finding_table(
    project: Project, findings: tuple[Finding, ...], with_names: bool
) -> RenderableType:
    """Build a table of the findings of a community, grouped by topic."""
    parts: list[RenderableType] = [Text(project.full_name, style="bold")]
    if with_names:
        parts.append(Text("含姓名，请勿外传", style="red"))
    for topic, title in TOPIC_ON_SCREEN.items():
        chosen = [finding for finding in findings if finding.topic is topic]
        if not chosen:
            continue
        table = grid(Column(""), Column(""), heading=False)
        for finding in chosen:
            names = f"：{'、'.join(finding.names)}" if with_names else "（--with-names 显示）"
            message = finding.message + (names if finding.names else "")
            first, *others = [entry_words(entry) for entry in finding.entries] or [""]
            table.add_row(first, Paragraph(message))
            for other in others:
                table.add_row(other, "")
        parts += ["", Text(f"{title}（{len(chosen)}）", style="bold"), table]
    return Group(*parts)


def fault_words(fault: IntegrityFault) -> str:
    """Describe a fault of a record or a file."""
    kind = KIND_LABELS.get(fault.kind, "")
    what = " ".join(part for part in (kind, fault.label) if part)
    return f"{what}：{fault.message}" if what else fault.message


def place_words(place: ChainPlace) -> str:
    """Describe the record after which a printed verification code was computed."""
    at = f"{place.at:%Y-%m-%d %H:%M} 的" if place.at else ""
    return f"校验码 {place.code} 在台账里：{at}第 {place.seq} 条记录之后"


def intact_words(integrity: Integrity) -> str:
    """Describe a ledger without faults, and the number of files that are only on other laptops."""
    words = (
        f"台账完好：{integrity.links} 条记录、{integrity.files} 个文件都和写入时一样，"
        f"校验码 {integrity.code or '（还没有记录）'}"
    )
    if integrity.elsewhere:
        words += f"\n合并进来的记录另有 {integrity.elsewhere} 个文件没有一起来，还在原来的电脑上"
    return words


def integrity_json(integrity: Integrity) -> dict[str, Any]:
    """Return the result of an integrity check as JSON values."""
    return {
        "intact": not integrity.faults,
        "links": integrity.links,
        "files": integrity.files,
        "files_elsewhere": integrity.elsewhere,
        "head": integrity.head,
        "remarks": list(integrity.remarks),
        "faults": [
            {"kind": fault.kind, "id": fault.record_id, "message": fault.message}
            for fault in integrity.faults
        ],
    }
