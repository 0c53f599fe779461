"""Half a year of both communities, logged once through the command line."""

from __future__ import annotations

import shlex

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run, run_in
from ..support.ledgers import Ledgers

HALF_YEAR = """
1.2 -d 1-15 -t 制度上墙
2.1 40人次 -d 2-10 -t 一季度主题培训
2.1 35人次 -d 5-12 -t 二季度主题培训
3.1 30户 -d 1-20
3.1 90户 -d 3-5
5.1 3人次 -d 1-20
5.1 12人次 -d 4-20 -t 入户
6.1.1 60个 -d 3-1
6.3 45人次 -d 3-8 -t 三八活动
6.3 50人次 -d 5-9 -t 母亲节
6.8.1 -d 2-1 -t 个案甲
6.8.1 -d 3-1 -t 个案甲
6.8.1 -d 4-1 -t 个案乙
7.1 -d 2-20 -t 备案 --who 舞蹈队、合唱队 --type 文体活动类
7.1 -d 3-20 -t 备案 --who 合唱队、爱心社 --type 公益慈善
7.2.2 20人 -d 3-3 -t 集中注册
7.2.2 -d 4-3 -t 注册 --who 甲、乙
7.2.2 3人 -d 5-3 -t 注册 --who 乙
7.2.4 7.5小时 -d 3-3
7.2.4 7.25小时 -d 4-3
7.3 100份 60人次 -d 1-10 -t 政策宣讲进小区
7.3.1 80人次 100份 -d 3-12 -t 惠民殡葬进小区
7.3.3 120人次 200份 -d 3-25 -t 垃圾分类
7.3.3 50人次 -d 3-26 -t 垃圾分类入户 --also 7.4
7.3.2 -d 5-20 -t 新风弘扬
7.4 30人次 -d 2-5
9.1.2 2.5学时 -d 2-2 -t 课一 --who 工甲、工乙
9.1.2 4学时 -d 3-2 -t 课二 --who 工甲
9.1.2 20学时 -d 4-2 -t 课三 --who 工丙
10.1 -d 1-5 -t 报道
10.1 -d 2-5 -t 报道
10.1 -d 2-25 -t 报道
10.1 -d 4-5 -t 报道
10.2 -d 1-30 -t 市级报道
10.3.1 -d 1-25
10.3.1 -d 2-24
10.3.1 -d 3-27
"""


@pytest.fixture(scope="session")
def logged(tmp_path_factory: pytest.TempPathFactory, ledgers: Ledgers) -> Workspace:
    """A workspace with the half-year in both communities; no test may change it."""
    return ledgers.build_once(tmp_path_factory, "half-year", log_half_year)


def log_half_year(workspace: Workspace) -> None:
    """Log the half-year in both communities, with one entry more in 三里."""

    run = run_in(workspace)
    lines = [["people", "add", "工甲", "工乙", "工丙"]]
    lines += [["log", *shlex.split(line)] for line in HALF_YEAR.strip().splitlines()]
    for community in ("xianheguan", "sanli"):
        for words in lines:
            ran = run(*words, "-c", community)
            assert ran.code == 0, (words, ran.err)
    assert run("log", "5.2", "4", "-c", "sanli").code == 0


@pytest.fixture
def half_year(
    logged: Workspace,
    workspace: Workspace,
    run: Run,
    ledgers: Ledgers,
) -> Run:
    """Run commands in a copy of the half-year."""
    ledgers.copy(logged, workspace)
    return run
