"""``targets check`` warns of what a draft left open, and is silent once it is settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..support.command_line import Run

DRAFT = """\
name: 待填
county: 乐至县
period:
  # 待核对：文件里没有写起止日期，先按今年写
  start: 2026-01-01
  end: 2026-12-31
  checked: false               # 期限待核对：照合同改好后写 true
categories:
  - code: 7
    name: 宣讲
    clauses:
      - code: 7.3
        # 待核对：“600人次”也可能是各项合起来的
        text: 开展政策宣讲10场，其中惠民殡葬4场，婚丧嫁娶4场，垃圾分类4场。
        items:
          - {name: 政策宣讲, total: {场: 10}}
          - {code: 7.3.1, part_of: 7.3, name: 惠民殡葬, total: {场: 4}}
          - {code: 7.3.2, part_of: 7.3, name: 婚丧嫁娶, total: {场: 4}}
          - {code: 7.3.3, part_of: 7.3, name: 垃圾分类, total: {场: 4}}
          - {code: 7.3.4, name: 培训, per_person: {学时: 48}, role: 待填}
"""
STEPS = [
    ("name: 待填", "name: 三里社区", "name 还是“待填”"),
    ("role: 待填", "role: 社工", "role 还是“待填”"),
    ("checked: false ", "checked: true  ", "项目期 2026-01-01 至 2026-12-31 还没有核对"),
    (
        "  # 待核对：文件里没有写起止日期，先按今年写\n",
        "",
        "还有 2 处“待核对”没有处理（第 4、13 行）",
    ),
    (
        "        # 待核对：“600人次”也可能是各项合起来的\n",
        "",
        "还有 1 处“待核对”没有处理（第 12 行）",
    ),
    (
        "      - code: 7.3\n",
        "      - code: 7.3\n        checked: true\n",
        "比政策宣讲的10场多2场",
    ),
]


def test_each_point_is_warned_of_until_it_is_settled(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "targets" / "small.yaml"
    path.parent.mkdir()
    text = DRAFT
    for before, after, warning in STEPS:
        path.write_text(text, encoding="utf-8")
        ran = run("--home", str(tmp_path), "targets", "check")
        assert (ran.code, ran.err) == (0, "")
        assert warning in ran.out
        assert before in text
        text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")
        assert warning not in run("--home", str(tmp_path), "targets", "check").out
    assert run("--home", str(tmp_path), "targets", "check").out == ""


@pytest.mark.parametrize("value", ["待填社区", "待填"])
def test_every_name_to_fill_in_is_named(run: Run, tmp_path: Path, value: str) -> None:
    path = tmp_path / "targets" / "small.yaml"
    path.parent.mkdir()
    text = DRAFT.replace("name: 待填", f"name: {value}").replace("乐至县", value)
    path.write_text(text.replace("name: 培训", f"name: {value}培训"), encoding="utf-8")
    said = run("--home", str(tmp_path), "targets", "check").out
    assert said.count("还是“待填”") == 4
    assert "targets/small.yaml:2  county 还是“待填”" in said
