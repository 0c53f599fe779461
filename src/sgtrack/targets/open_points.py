"""Lists the points that a person still has to settle in a target file: names, period, remarks."""

from __future__ import annotations

from collections.abc import Iterator

from sgtrack.model.errors import Problem
from sgtrack.targets.contract_builder import WrittenContract

TO_FILL_IN = "待填"
"""The value of a name that a draft could not read."""
MOST_LINES = 8


def open_points(contract: WrittenContract) -> Iterator[Problem]:
    """Yield a problem with its line for each point that the files of a contract leave open."""
    community, source = contract.community, contract.source
    texts = {
        "name": community.name,
        "county": community.county,
        "street": community.street,
        "package": community.package,
    }
    for key, text in texts.items():
        if TO_FILL_IN in text:
            yield source.problem((key,), f"{key} 还是“{TO_FILL_IN}”", "照合同填写")
    for item in contract.items:
        for key, text in (("name", item.file.name), ("role", item.file.role or "")):
            if TO_FILL_IN in text:
                yield item.problem((key,), f"{key} 还是“{TO_FILL_IN}”", "照合同填写")
    if not community.period.checked:
        yield source.problem(
            ("period",),
            f"项目期 {community.period.start} 至 {community.period.end} 还没有核对",
            "照合同核对起止日期，再把 checked 写成 true",
        )
    for file in contract.sources:
        lines = file.open_remarks
        if lines:
            shown = "、".join(str(line) for line in lines[:MOST_LINES])
            more = "等行" if len(lines) > MOST_LINES else "行"
            yield Problem(
                file.file,
                lines[0],
                f"还有 {len(lines)} 处“待核对”没有处理（第 {shown} {more}）",
                "照后面的原因核对，改好后删掉那一行",
            )
