"""``targets draft`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run, run_command
from ..tender import word_documents

TEXT = Path(__file__).parents[1] / "data" / "service-requirements.txt"
ONE = "服务指标\n1.入户走访每月不少于20户次；\n2.政策宣传4场，每场不少于30人；\n"


def written(folder: Path, text: str = ONE, name: str = "一个.txt") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_draft_of_one_package_is_shown(run: Run, tmp_path: Path) -> None:
    ran = run("targets", "draft", written(tmp_path))
    assert ran.code == 0
    assert "monthly: {户次: 20}" in ran.out
    assert "each: {人: 30}" in ran.out
    assert "# 待核对：文件里没有写社区名称" in ran.out


def test_what_is_pasted_is_read(workspace: Workspace) -> None:
    for pasted in (ONE.encode(), ONE.encode("gb18030")):
        ran = run_command(workspace.root, "targets", "draft", "-", input=pasted)
        assert ran.code == 0
        assert "monthly: {户次: 20}" in ran.out


def test_two_packages_are_written_as_two_files_that_pass_the_check(
    run: Run, workspace: Workspace
) -> None:
    output = workspace.targets / "new.yaml"
    ran = run("targets", "draft", str(TEXT), "-o", str(output))
    assert ran.code == 0
    assert sorted(p.name for p in workspace.targets.glob("new*")) == ["new-1.yaml", "new-2.yaml"]
    assert "采购包2 乐至县天池街道仙鹤观社区：43 条条款，57 个服务项" in ran.out
    checked = run("targets", "check")
    assert (checked.code, checked.err) == (0, "")
    assert "三里社区" in run("status", "-c", "new-2").out


def test_one_of_several_packages_is_written_under_the_name_itself(
    run: Run, workspace: Workspace
) -> None:
    output = workspace.targets / "shiqiao.yaml"
    tender = workspace.root / "两个包.docx"
    tender.write_bytes(word_documents.two_packages())
    ran = run("targets", "draft", str(tender), "-o", str(output), "--package", "2")
    assert ran.code == 0
    assert [p.name for p in workspace.targets.glob("shiqiao*")] == ["shiqiao.yaml"]
    said = output.read_text(encoding="utf-8")
    assert "name: 石桥社区\ncounty: 东原县\nstreet: 滨江街道\npackage: 采购包2" in said
    assert run("targets", "check").code == 0


def test_the_report_stands_side_by_side_with_every_number(run: Run, tmp_path: Path) -> None:
    text = "一、付款\n合同签订后支付40%。\n二、服务指标\n1.政策宣传4场，每场不少于30人；\n"
    ran = run("targets", "draft", written(tmp_path, text), "--report")
    assert ran.code == 0
    flat = "".join(ran.out.split())
    assert "“4场”→累计4场" in flat
    assert "“不少于30人”" not in flat
    assert "“30人”→条件：每次活动至少30人" in flat
    assert "“40%”→不是指标：百分比" in flat
    assert not list(tmp_path.glob("*.yaml"))


@pytest.mark.parametrize("name", ["targets/天池.yaml", "targets/New.yaml", "targets/new.txt"])
def test_a_name_that_no_target_file_can_have_is_refused(
    run: Run, workspace: Workspace, name: str
) -> None:
    ran = run("targets", "draft", str(TEXT), "-o", str(workspace.root / name))
    assert ran.code == 1
    assert "不能当目标文件的名字" in ran.err
    assert not (workspace.root / name).exists()


def test_nothing_is_overwritten(run: Run, workspace: Workspace) -> None:
    taken = workspace.targets / "new-2.yaml"
    taken.write_text("x", encoding="utf-8")
    ran = run("targets", "draft", str(TEXT), "-o", str(workspace.targets / "new.yaml"))
    assert ran.code == 1
    assert "已经有文件" in ran.err
    assert taken.read_text(encoding="utf-8") == "x"
    assert not (workspace.targets / "new-1.yaml").exists()


def test_the_numbers_outside_the_clauses_and_the_open_remarks_are_counted(
    run: Run, workspace: Workspace
) -> None:
    text = (
        "一、项目概况\n现有老人2300名。\n二、服务指标\n1.讲座4场\n2.每15天巡查1次，走访80户次\n"
        "三、付款\n分2次支付40%和60%。\n"
    )
    output = workspace.targets / "counted.yaml"
    ran = run("targets", "draft", written(workspace.root, text), "-o", str(output))
    counted = "条款以外还有 4 个数字没有写进来，其中 2 个有单位，像是数量"
    assert counted in ran.out
    said = output.read_text(encoding="utf-8")
    assert f"# {counted}：用 --report 逐个看。" in said
    remarks = sum(line.strip().startswith("# 待核对：") for line in said.splitlines())
    assert remarks >= 3
    assert f"{remarks} 处待核对" in ran.out
    assert f"# 有 {remarks} 处写了“待核对”" in said
    assert f"还有 {remarks} 处“待核对”没有处理" in run("targets", "check").out


def test_a_refusal_lists_the_numbers_it_saw_and_where(run: Run, tmp_path: Path) -> None:
    text = "采购公告\n一、付款方式：签订后10日内支付30%。\n二、投标保证金5000元。\n联系人王先生\n"
    ran = run("targets", "draft", written(tmp_path, text))
    assert ran.code == 1
    assert "没有找到服务指标" in ran.err
    flat = "".join(ran.err.split())
    assert "第2段“一、付款方式：签订后10日内支付30%。”里的10日、30%" in flat
    assert "第3段“二、投标保证金5000元。”里的5000元" in flat
    nothing = run("targets", "draft", written(tmp_path, "采购公告\n欢迎投标\n"))
    assert "也没有看到数字" in nothing.err
