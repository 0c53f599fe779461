"""Any text is refused or becomes a draft that passes the check and loses no number."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.errors import Refused
from sgtrack.targets.loading import load_file
from sgtrack.tender.documents import read_content
from sgtrack.tender.draft_builder import build_drafts
from sgtrack.tender.draft_writer import to_yaml

from ..support.examples import examples
from .scoring import lost_digits

WORDS = (
    *("每月", "每季度", "每周", "每半年", "每年", "全年", "月均", "每2个月", "不少于", "≥", "至少"),
    *("不超过", "3", "10", "0", "2.5", "99999999", "1,200", "８", "两三", "十余次", "8-10"),
    *("半小时", "场", "人次", "人/次", "名", "支", "户", "个小组", "个案", "例", "篇", "小时"),
    *("学时", "%", "5万元", "满意度", "其中", "各", "共计", "（", "）", "，", "。", "；", "、"),
    *("：", "“", "”", "每场", "每个", "每节", "每人", "每人每年", "每个村", "每名老人"),
    *("每人只计一次", "/月", "/人", "/场", "1.", "（1）", "①", "一、", "一是", "服务内容"),
    *("包括A类、B类等类型", "25日前", "简报", "提交", "报告", "2026年", "2026年6月30日前"),
    *("开展", "服务", "活动", "志愿者", "发放", "甲方", "寒暑假", "每村", "在3个社区"),
)
MARKS = ["\n", "\t", "|", "采购包1", '"', "# ", "- ", ": ", "\\", "\x7f", "\u2028", "\ufffe"]
PIECES = st.one_of(st.sampled_from(WORDS), st.sampled_from(MARKS), st.text(max_size=2))
LOOSE = st.lists(PIECES, max_size=40).map("".join)
CLAUSES = st.lists(
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=2)), max_size=14).map("".join),
    min_size=1,
    max_size=4,
).map(
    lambda said: (
        "服务指标\n" + "\n".join(f"{n}.开展活动{one}10场" for n, one in enumerate(said, start=1))
    )
)


@given(st.one_of(LOOSE, CLAUSES))
@examples(quick=120, thorough=3000)
def test_any_text_is_refused_or_drafted(text: str) -> None:
    try:
        made = build_drafts(read_content(text.encode("utf-8", "replace"), "x"), date(2026, 6, 30))
    except Refused:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "targets" / "new.yaml"
        path.parent.mkdir()
        for draft in made:
            path.write_text(to_yaml(draft), encoding="utf-8")
            project, problems = load_file(path)
            assert not problems
            assert project is not None
            for clause in draft.clauses:
                assert project.clauses[clause.code].text == clause.clause.text
            assert not lost_digits(draft)
