"""A contract of another community, with other names than the packaged ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.model.contract import Project
from sgtrack.targets.loading import load_folder

OTHER = """\
name: 甲社区
period:
  start: 2026-01-01
  end: 2026-12-31
categories:
  - code: 1
    name: 养老服务
    content: 为辖区老年人提供上门探访、健康服务。
    clauses:
      - code: 1.1
        text: 独居老人入户访视200户次；
        items:
          - name: 独居老人入户访视
            total: {户次: 200}
      - code: 1.2
        text: 开展老年人健康服务12场，服务300人次。
        items:
          - name: 老年人健康服务
            total: {场: 12, 人次: 300}
  - code: 2
    name: 未成年人保护
    content: 为留守儿童提供安全教育、心理辅导。
    clauses:
      - code: 2.1
        text: 开展安全教育课堂6课时，每课时不少于30人。
        items:
          - name: 安全教育课堂
            total: {场: 6, 人次: 180}
      - code: 2.2
        text: 撰写工作案例3篇。
        items:
          - name: 工作案例
            total: {篇: 3}
  - code: 3
    name: 社区营造
    content: 培育社区社会组织，开展文明宣传。
    clauses:
      - code: 3.1
        text: 培育社区社会组织3个。
        items:
          - name: 社区社会组织培育
            total: {个: 3}
      - code: 3.2
        text: 开展移风易俗宣传4场，发放倡议书500份。
        items:
          - name: 移风易俗宣传
            total: {场: 4, 份: 500}
            records: [人次]
"""


@pytest.fixture
def other(tmp_path: Path) -> Project:
    """A contract whose items have other names and units."""
    folder = tmp_path / "targets"
    folder.mkdir()
    (folder / "jia.yaml").write_text(OTHER, encoding="utf-8")
    loaded = load_folder(folder)
    assert not loaded.problems, loaded.problems
    return loaded.projects[0]
