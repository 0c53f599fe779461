"""A target file of one year that two supplementary agreements change."""

from __future__ import annotations

from pathlib import Path

from sgtrack.model.contract import Project
from sgtrack.targets.loading import load_file

CONTRACT = """\
name: 甲社区
period: {start: 2026-01-01, end: 2026-12-31, checked: true}
categories:
  - code: 1
    name: 服务
    clauses:
      - code: 1.1
        text: 入户访视50人次。
        items:
          - {name: 入户访视, total: {人次: 50}}
      - code: 1.2
        text: 每月报道1次。
        items:
          - {name: 报道, monthly: {次: 1}}
      - code: 1.3
        text: 康复训练20人次。
        items:
          - {name: 康复训练, total: {人次: 20}}
      - code: 1.4
        text: 社区工作者每人每年培训20学时。
        items:
          - {name: 培训, per_person: {学时: 20}, role: 社区工作者}
      - code: 1.5
        text: 制度上墙。
        items:
          - {name: 制度, milestone: true}
"""
CHANGES = """\
changes:
  - from: 2026-07-01
    document: 补充协议
    note: 街道要求
    targets:
      1.1: {total: {人次: 60}}
      1.2: {monthly: {次: 2}}
      1.4: {per_person: {学时: 24}}
    add:
      - clause: 1.6
        text: 防诈宣传4场，每月1次。
        items:
          - {name: 防诈宣传, total: {场: 4}}
      - clause: 1.2
        items:
          - {code: 1.2.2, name: 网络报道, monthly: {篇: 1}}
    end: [1.3]
  - from: 2026-10-01
    document: 补充协议二
    targets:
      1.1: {total: {人次: 90}}
    period_end: 2027-03-31
"""


def written(folder: Path, text: str = CONTRACT + CHANGES) -> Path:
    """The contract as a file of a workspace."""
    path = folder / "targets" / "small.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def changing(folder: Path, text: str = CONTRACT + CHANGES) -> Project:
    """The contract with its changes."""
    project, problems = load_file(written(folder, text))
    assert project is not None, problems
    return project
