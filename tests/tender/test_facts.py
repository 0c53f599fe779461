"""County, street, community, period and roles come only from words that name them."""

from __future__ import annotations

import pytest

from sgtrack.tender.contract_draft import ContractDraft
from sgtrack.tender.documents import read_content
from sgtrack.tender.draft_builder import build_drafts
from sgtrack.tender.draft_writer import to_yaml

from .scoring import TODAY

TASKS = "\n服务内容：\n1.讲座5场\n2.为老人探访300人次\n3.儿童小组2个"


def draft_of(text: str) -> ContractDraft:
    (draft,) = build_drafts(read_content(text.encode(), "x.txt"), TODAY)
    return draft


def draft_of_clause(clause: str) -> ContractDraft:
    return draft_of(f"服务内容：\n1.讲座5场\n2.{clause}")


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("儿童友好社区服务项目", ("", "", "")),
        ("示范社区建设项目采购需求", ("", "", "")),
        ("本街道各社区居民服务项目", ("", "", "")),
        ("为辖区老年人服务项目", ("", "", "")),
        ("老旧小区治理服务区域：全镇9个村", ("", "", "")),
        ("城乡社区融合、进社区志愿服务项目", ("", "", "")),
        ("项目服务范围为东湖区松林镇全域", ("东湖区", "松林镇", "")),
        ("项目服务松岭区北关街道阳光社区", ("松岭区", "北关街道", "阳光社区")),
        ("项目名称：安宁区培黎街道万新社区居家养老服务", ("安宁区", "培黎街道", "万新社区")),
        ("服务地点：绵竹市剑南镇", ("绵竹市", "剑南镇", "")),
        ("甲方：文昌县民政局", ("文昌县", "", "")),
        ("峨边彝族自治县沙坪镇河西村社工室项目", ("峨边彝族自治县", "沙坪镇", "河西村")),
        ("梧桐社区“邻里家园”营造服务", ("", "", "梧桐社区")),
        ("采购包1：滨江街道柳荫社区", ("", "滨江街道", "柳荫社区")),
        ("2026年西陵区助残服务项目任务书", ("西陵区", "", "")),
        ("2027年度河东街道为老服务采购", ("", "河东街道", "")),
        ("宜江市社区居家养老服务中心运营项目", ("", "", "")),
        ("“邻里驿站”2026年云谷街道运营项目", ("", "云谷街道", "")),
        ("最高限价60万元，其中青石街道30万元", ("", "青石街道", "")),
        ("临山市房山区慰老项目，房山区在册社区矫正对象帮扶", ("房山区", "", "")),
        ("由街道统筹的助残项目", ("", "", "")),
        ("关于采购平江区桃坞街道助餐服务的说明", ("平江区", "桃坞街道", "")),
        ("2025年度：2026年新港镇助老项目", ("", "新港镇", "")),
        ("服务范围：12个乡镇、3个街道", ("", "", "")),
        ("覆盖4个牧区镇和每个社区", ("", "", "")),
        ("响应文件送至玉屏区政务中心3楼", ("", "", "")),
        ("投标文件密封后递交至云溪县云溪镇", ("", "", "")),
    ],
)
def test_places_are_read_only_from_what_names_them(head: str, place: tuple[str, str, str]) -> None:
    facts = draft_of(head + TASKS).facts
    assert (facts.county, facts.street, facts.name) == place


@pytest.mark.parametrize(
    ("line", "start", "end", "open_"),
    [
        ("某镇社工站服务项目（2025年度）", "2025-01-01", "2025-12-31", False),
        ("2027年度社会工作服务采购需求", "2027-01-01", "2027-12-31", False),
        ("社工站项目【2025年】任务书", "2025-01-01", "2025-12-31", False),
        ("2025年社区营造项目", "2025-01-01", "2025-12-31", False),
        ("自2025年3月1日起至2026年2月28日止", "2025-03-01", "2026-02-28", False),
        ("服务期限：2025.4.1-2026.3.31", "2025-04-01", "2026-03-31", False),
        ("服务时间：2026年1月—12月", "2026-01-01", "2026-12-31", False),
        ("合同期自2026年5月1日至12月31日", "2026-05-01", "2026-12-31", False),
        ("实施周期：2026年3月―2027年2月", "2026-03-01", "2027-02-28", False),
        ("执行期2026年3月1日至2027年2月28日", "2026-03-01", "2027-02-28", False),
        ("服务期1年", "2026-01-01", "2026-12-31", True),
        ("服务期限：两年", "2026-01-01", "2027-12-31", True),
        ("服务期为6个月", "2026-01-01", "2026-06-30", True),
        ("服务期限：2年，自2026年4月1日起计算", "2026-04-01", "2028-03-31", False),
    ],
)
def test_the_period_is_read(line: str, start: str, end: str, open_: bool) -> None:
    draft = draft_of(line + TASKS)
    assert (draft.start.isoformat(), draft.end.isoformat()) == (start, end)
    assert ("没有写起止日期" in to_yaml(draft)) is open_


@pytest.mark.parametrize(
    "line",
    [
        "投标截止时间：2026年7月1日9时",
        "公示期5个工作日",
        "2025年累计开展活动40场",
        "近三年承接过类似项目",
    ],
)
def test_other_dates_set_no_period(line: str) -> None:
    assert draft_of("社工服务项目\n" + line + TASKS).facts.start is None


@pytest.mark.parametrize(
    ("clause", "role"),
    [
        ("每人每年培训48学时", "待填"),
        ("人均接受督导不少于12次", "待填"),
        ("每名社区工作者每年培训20学时", "社区工作者"),
        ("社工每人每年参加继续教育不少于30学时", "社工"),
        ("为每名老年人每年体检1次", "老年人"),
    ],
)
def test_roles_are_read_only_from_what_names_them(clause: str, role: str) -> None:
    draft = draft_of_clause(clause)
    items = [item for c in draft.clauses for item in c.reading.items if item.role]
    assert [item.role for item in items] == [role]
    assert any("role" in note for note in items[0].notes) is (role == "待填")


def test_what_is_not_named_is_to_be_filled_in() -> None:
    written = to_yaml(draft_of("儿童友好社区服务项目" + TASKS))
    assert "\nname: 待填\n" in written
    assert "待核对：文件里没有写社区名称" in written
    assert "\ncounty:\n" in written


@pytest.mark.parametrize(
    ("clause", "due"),
    [
        ("每月28日前报送简报1期", "28"),
        ("每月5日前完成走访30户次", "5"),
        ("每月10日前至少上报信息2篇", "10"),
        ("每月召开例会1次，25日前完成", "25"),
    ],
)
def test_a_day_of_the_month_is_the_due_day_of_counted_items(clause: str, due: str) -> None:
    draft = draft_of_clause(clause)
    assert f"due_day: {due}" in to_yaml(draft)


@pytest.mark.parametrize("label", ["采购人：江北街道办事处", "服务地点：云桥镇", "联系人：王工"])
def test_a_label_is_no_title_that_hides_the_services(label: str) -> None:
    draft = draft_of(f"{label}\n◎老人：探访300人次\n◎儿童：小组2个，讲座5场")
    assert len(draft.clauses) == 2
