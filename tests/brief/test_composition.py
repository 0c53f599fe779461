"""The body of a brief tells a month in narrative, each thing once, and stays short."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from sgtrack.brief.brief_context import read_frozen
from sgtrack.brief.rendering import render_document
from sgtrack.workspace import Workspace, packaged

from ..support.command_line import Run

COMMUNITY = ("-c", "xianheguan")


def markdown(run: Run, workspace: Workspace, month: int, *options: str) -> str:
    ran = run("brief", "--month", str(month), "--format", "md", *COMMUNITY, *options)
    assert ran.code == 0, ran.err
    return (workspace.briefs / f"xianheguan-2026-{month:02}.md").read_text(encoding="utf-8")


def part(text: str, heading: str) -> str:
    """The text below a heading, up to the next one."""
    found = re.search(
        rf"^## [^\n]*{heading}\n(.*?)(?=^## |^---|\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert found, heading
    return found[1]


def test_parts_are_told_within_their_whole(run: Run, log: Run, workspace: Workspace) -> None:
    log("7.3.1", "2场", "90人次", "-d", "3-12")
    log("7.3", "1场", "30人次", "-d", "3-13")
    work = part(markdown(run, workspace, 3), "重点工作")
    assert "政策宣讲3场、120人次（其中惠民殡葬政策宣讲2场、90人次）。" in work


def test_an_effect_is_told_whole_with_its_day(run: Run, log: Run, workspace: Workspace) -> None:
    effect = "六名老人学会了量血压；三名转介到社区卫生服务中心"
    log(
        "6.3",
        "42人次",
        "-d",
        "3-8",
        "-t",
        "三八为老活动",
        "--place",
        "文化院坝",
        "--effect",
        effect,
    )
    log("5.1", "2人次", "-d", "3-9", "--effect", "3月9日上门两户，都愿意参加下月活动。")
    work = part(markdown(run, workspace, 3), "重点工作")
    assert f"3月8日在文化院坝开展三八为老活动（42人次）。{effect}。" in work
    assert "\n3月9日上门两户，都愿意参加下月活动。\n" in work


def test_sessions_are_told_although_no_indicator_moved(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("6.8.2", "-d", "2-3", "-t", "手工小组第1节")
    log("6.8.2", "-d", "3-3", "-t", "手工小组第2节")
    log("6.8.2", "-d", "3-10", "-t", "手工小组第3节")
    log("6.8.1", "-d", "3-4", "-t", "个案乙")
    text = markdown(run, workspace, 3)
    work = part(text, "重点工作")
    assert "小组服务继续开展1个，共2节（手工小组第2、3节）" in work
    assert "个案服务新增1个，共1次" in work
    assert "个案乙" not in work


def test_briefs_and_media_reports_are_no_activities(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "2人次", "-d", "3-9")
    log("10.1", "-d", "3-10", "-t", "县融媒体报道")
    log("10.3.1", "-d", "3-24", "-t", "二月简报")
    text = markdown(run, workspace, 3)
    assert "开展服务活动1次，服务居民2人次" in text
    assert "县级媒体宣传报道1次" in part(text, "重点工作")
    assert "| 3月10日 |" not in text
    problems = part(text, "存在的问题及原因")
    assert re.search("月度简报提交|1月、2月简报尚未提交", problems)
    assert "3月简报" not in problems


def test_a_month_with_everything_behind_is_told_on_a_page(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "1人次", "-d", "1-3")
    text = markdown(run, workspace, 6)
    problems, plans = part(text, "存在的问题及原因"), part(text, "下月计划")
    assert len(problems) < 22 * 28
    assert len(plans) < 12 * 28
    assert "6月简报" not in problems
    assert "0项" not in re.sub(r"\d0项", "", text)
    for name in ("照料护理", "儿童服务", "技能培训", "志愿时长"):
        assert problems.count(name) <= 1
        assert plans.count(name) <= 1


def test_a_correction_is_told_once_and_in_every_figure(
    run: Run, log: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SGTRACK_TODAY", "2026-02-26")
    log("5.1", "9人次", "-d", "2-3", "-t", "访甲")
    assert run("brief", "--month", "2", "--issue", "--yes", *COMMUNITY).code == 0
    monkeypatch.setenv("SGTRACK_TODAY", "2026-03-26")
    (entry,) = [e for e in json.loads(run("list", "--json", *COMMUNITY).out) if e["item"] == "5.1"]
    assert run("amend", entry["id"], "4人次", "-r", "多数了", "--effect", "改善").code == 0
    log("5.1", "7人次", "-d", "3-3", "-t", "访乙")
    text = markdown(run, workspace, 3)
    assert "服务居民2人次" in text  # 7 less the 5 too many
    assert "入户访视2人次" in part(text, "重点工作")
    assert text.count("更正以前各期") == 1


def test_an_effect_alone_is_no_correction(
    run: Run, log: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SGTRACK_TODAY", "2026-02-26")
    log("5.1", "9人次", "-d", "2-3")
    assert run("brief", "--month", "2", "--issue", "--yes", *COMMUNITY).code == 0
    (entry,) = [e for e in json.loads(run("list", "--json", *COMMUNITY).out) if e["item"] == "5.1"]
    assert run("amend", entry["id"], "--effect", "改善").code == 0
    assert "更正" not in markdown(run, workspace, 3)


def test_annexes_are_chosen(run: Run, log: Run, workspace: Workspace) -> None:
    log("5.1", "2人次", "-d", "3-9")
    full = markdown(run, workspace, 3, "--annex", "full")
    assert ("## 附件1　指标完成情况表" in full, "## 附件2　本月活动一览表" in full) == (True, True)
    changed = markdown(run, workspace, 3)
    assert ("指标完成情况表" in changed, "## 附件　本月活动一览表" in changed) == (False, True)
    assert "附件" not in markdown(run, workspace, 3, "--annex", "none")
    wrong = run("brief", "--month", "3", "--annex", "all", *COMMUNITY)
    assert (wrong.code, "full、changed、none" in wrong.err) == (2, True)
    targets = workspace.targets / "xianheguan.yaml"
    written = targets.read_text(encoding="utf-8")
    targets.write_text(re.sub(r"^brief:", "brief:\n  annex: none", written, flags=re.M), "utf-8")
    assert "附件" not in markdown(run, workspace, 3)


def test_photos_stand_below_their_activity(
    run: Run, log: Run, workspace: Workspace, tmp_path: Path
) -> None:
    photo = tmp_path / "照片.jpg"
    Image.new("RGB", (80, 60), (10, 90, 120)).save(photo)
    log("5.1", "2人次", "-d", "3-9", "-t", "访甲", "-e", str(photo))
    log("7.3.1", "80人次", "-d", "3-10", "--effect", "都听懂了")
    ran = run("brief", "--month", "3", "--format", "html", *COMMUNITY)
    assert ran.code == 0, ran.err
    page = (workspace.briefs / "xianheguan-2026-03.html").read_text(encoding="utf-8")
    assert page.index("3月9日开展访甲") < page.index("data:image/jpeg") < page.index("都听懂了")


def test_a_brief_of_an_earlier_release_is_rendered_from_its_frozen_values(tmp_path: Path) -> None:
    row = dict.fromkeys(
        ("code", "name", "target", "month", "total", "percent", "bar", "state"), "3%"
    )
    old = {
        **dict.fromkeys(("title", "month", "window", "community", "package", "agency"), "字"),
        **dict.fromkeys(("date", "copies_to", "percent", "code"), "字"),
        "number": 3,
        "overview": ["概况一段"],
        "sections": [{"code": "1", "name": "类", "percent": "3%", "rows": [row]}],
        **{key: [] for key in ("activities", "problems", "plans", "late", "corrections", "pace")},
        "pictured": [{"caption": "旧照片", "sha256": [], "names": []}],
        "recipients": [],
    }
    values = read_frozen(json.dumps(old))
    assert values["other_pictures"] == [0]
    text = render_document("brief", packaged("templates"), values, ("md",))["md"].decode("utf-8")
    assert "概况一段" in text
    assert "## 附件1　指标完成情况表" in text
    assert "重点工作" not in text
