"""The body of a brief tells a month in narrative, each thing once, and stays short."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from sgtrack.brief.brief_context import ORDINALS, read_frozen
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
    place = ("--place", "文化院坝")
    log("6.3", "42人次", "-d", "3-8", "-t", "三八为老活动", *place, "--effect", effect)
    log("5.1", "2人次", "-d", "3-9", "--effect", "3月9日上门两户，都愿意参加下月活动。")
    work = part(markdown(run, workspace, 3), "重点工作")
    assert f"为老关爱活动1场、42人次。3月8日在文化院坝开展三八为老活动。{effect}。" in work
    assert "入户访视2人次。3月9日上门两户，都愿意参加下月活动。\n" in work


def test_each_of_several_activities_of_an_item_has_its_amounts(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("6.3", "42人次", "-d", "3-8", "-t", "三八为老活动", "--effect", "六名老人报名")
    log("6.3", "30人次", "-d", "3-18", "-t", "义诊")
    work = part(markdown(run, workspace, 3), "重点工作")
    assert "为老关爱活动2场、72人次。3月8日开展三八为老活动（42人次）。六名老人报名。" in work


def test_a_note_is_told_beside_the_effect(run: Run, log: Run, workspace: Workspace) -> None:
    log("4.1", "1例", "-d", "3-8", "-t", "爱心助学", "--note", "折合3000元")
    log("5.1", "2人次", "-d", "3-9", "-t", "走访", "--note", "两户", "--effect", "都办了低保")
    work = part(markdown(run, workspace, 3), "重点工作")
    assert "链接社会支持1例。3月8日开展爱心助学。折合3000元。" in work
    assert "3月9日开展走访。都办了低保。两户。" in work


def test_categories_without_effects_are_told_together(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("3.1", "20户次", "-d", "3-8")
    log("8.2", "18人次", "-d", "3-9")
    log("5.1", "2人次", "-d", "3-9", "-t", "走访", "--effect", "都办了低保")
    work = part(markdown(run, workspace, 3), "重点工作")
    assert "**（一）提供救助服务。**入户访视2人次。" in work
    assert "**（二）其他工作。**居民需求排查20户次；技能培训18人次。" in work


def test_units_of_an_item_share_a_row(run: Run, log: Run, workspace: Workspace) -> None:
    log("7.3.1", "1场", "80人次", "60份", "-d", "3-12")
    text = markdown(run, workspace, 3)
    row = next(line for line in text.splitlines() if line.startswith("| 7.3.1 "))
    code, name, target, month, total, percent, state = row.strip("| ").split(" | ")
    assert (code, name, target) == ("7.3.1", "惠民殡葬政策宣讲", "4场、300份、300人次")
    assert (month, total) == ("1场、60份、80人次", "1场、60份、80人次")
    assert (percent, state) == ("20.0%～26.6%", "正常")


def test_the_brief_does_not_count_itself_as_behind(
    run: Run, log: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SGTRACK_TODAY", "2026-01-24")
    log("10.1", "-d", "1-9", "-t", "报道")
    assert run("brief", "--month", "1", "--issue", "--yes", *COMMUNITY).code == 0
    monkeypatch.setenv("SGTRACK_TODAY", "2026-02-24")
    states = [
        row["state"]
        for community in json.loads(run("status", "--json", *COMMUNITY).out)["communities"]
        for row in community["indicators"]
    ]
    overview = part(markdown(run, workspace, 2), "工作概况")
    assert f"滞后{states.count('behind') - 1}项" in overview


def test_a_cause_stands_behind_its_item(run: Run, log: Run, workspace: Workspace) -> None:
    log("5.1", "2人次", "-d", "3-9")
    folder = workspace.briefs
    folder.mkdir(exist_ok=True)
    causes = "10.1：春节停报，拟于4月补报\n入户访视：人手不足。\n5.99：没有的项\n总的来说开局较慢。"
    path = folder / "xianheguan-2026-03-文字.md"
    path.write_text(f"## 原因分析\n\n{causes}\n", encoding="utf-8")
    problems = part(markdown(run, workspace, 3), "存在的问题及原因")
    told, _, others = problems.partition("原因分析：")
    assert "（原因：春节停报，拟于4月补报）" in told
    assert ("人手不足" in told) != ("入户访视：人手不足" in others)
    assert "5.99：没有的项\n\n总的来说开局较慢。" in others


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
    assert ("附件" in changed, "本月指标变动" in changed) == (False, True)
    none = markdown(run, workspace, 3, "--annex", "none")
    assert ("附件" in none, "本月指标变动" in none) == (False, False)
    wrong = run("brief", "--month", "3", "--annex", "all", *COMMUNITY)
    assert (wrong.code, "full、changed、none" in wrong.err) == (2, True)
    targets = workspace.targets / "xianheguan.yaml"
    written = targets.read_text(encoding="utf-8")
    targets.write_text(re.sub(r"^brief:", "brief:\n  annex: none", written, flags=re.M), "utf-8")
    assert "本月指标变动" not in markdown(run, workspace, 3)


def test_the_table_of_a_bad_month_has_what_moved_and_the_most_urgent(
    run: Run, log: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SGTRACK_TODAY", "2026-12-28")
    log("5.1", "2人次", "-d", "12-9")
    log("8.1", "1个", "-d", "12-10")
    text = markdown(run, workspace, 12)
    table = text[text.index("本月指标变动") : text.index("存在的问题")]
    codes = re.findall(r"^\| ([\d.]+) \|", table, re.MULTILINE)
    assert len(codes) == 15
    assert {"5.1", "8.1"} <= set(codes)
    assert codes == sorted(codes, key=lambda code: [int(n) for n in code.split(".")])
    (left_out,) = map(int, re.findall(r"其余(\d+)项未变动的", table))
    status = json.loads(run("status", "--json", *COMMUNITY).out)["communities"][0]["indicators"]
    own = {"10.3.1"}
    late = {row["item"] for row in status if row["state"] == "overdue"}
    assert late - own <= set(codes)
    behind = {row["item"] for row in status if row["state"] in ("overdue", "behind")}
    assert len(codes) + left_out >= len(behind - own)


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


def test_a_title_is_told_with_one_verb_and_one_bracket(
    run: Run, log: Run, workspace: Workspace
) -> None:
    effect = ("--effect", "老人满意。")
    log("6.3", "1场", "30人次", "-d", "3-2", "-t", "重阳敬老", *effect)
    log("6.3", "1场", "42人次", "-d", "3-9", "-t", "重阳敬老（第二场）", *effect)
    log("4.1", "-d", "3-10", "-t", "链接企业助学", "--note", "学习用品20套")
    log("5.1", "3人次", "-d", "3-11", "-t", "走访慰问活动", *effect)
    work = part(markdown(run, workspace, 3), "重点工作")
    assert "3月2日开展重阳敬老（30人次）。老人满意。" in work
    assert "3月9日开展重阳敬老（第二场，42人次）。老人满意。" in work
    assert "3月10日链接企业助学。学习用品20套。" in work
    assert "3月11日开展走访慰问活动。老人满意。" in work


def test_a_single_group_without_numbers_is_named_without_its_count(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("6.8.2", "-d", "3-3", "-t", "怀旧小组")
    log("6.8.2", "-d", "3-10", "-t", "怀旧小组")
    assert "新开1个，共2节（怀旧小组）" in part(markdown(run, workspace, 3), "重点工作")
    log("6.8.2", "-d", "3-12", "-t", "亲子小组")
    assert "新开2个，共3节（怀旧小组2节；亲子小组1节）" in markdown(run, workspace, 3)


def test_an_item_with_a_total_and_periods_has_each_amount_once(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("2.1", "1次", "-d", "3-3", "-t", "主题培训")
    assert "| 4次、每季度1次 | 1次 | 1次（1/4期达标） |" in markdown(run, workspace, 3)


def test_the_title_of_a_case_is_in_no_brief(run: Run, log: Run, workspace: Workspace) -> None:
    log("6.8.1", "-d", "3-3", "-t", "王婆婆的个案", "--effect", "已能每周参加活动。")
    text = markdown(run, workspace, 3, "--annex", "full")
    assert "3月3日开展个案服务。已能每周参加活动。" in text
    assert "王婆婆" not in text


def test_headings_are_numbered_as_far_as_a_contract_may_need() -> None:
    assert [ORDINALS[n - 1] for n in (1, 10, 11, 20, 21, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]
