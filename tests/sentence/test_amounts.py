"""The amounts that a sentence gives for an item's units, and those that must be asked for."""

from __future__ import annotations

import pytest

from sgtrack.model.contract import Project
from sgtrack.sentence.amount_questions import Doubt
from sgtrack.sentence.amount_selection import select_amounts

CERTAIN = """
6.3 服务老人35人次，其中80岁以上9人次 → 人次=35
6.3 60名老人一起包粽子，15名志愿者帮忙 → 人次=60
6.3 上午32人、下午28人 → 人次=60
6.3 参与老人男22人、女18人 → 人次=40
6.3 原计划50人，实际到了62人 → 人次=62
6.3 服务老人30人次，较上次增加8人次 → 人次=30
6.3 发放慰问品50份，服务老人50人次 → 人次=50
2.1 培训社区干部、网格员32人次 → 人次=32
2.2 党员干部38人参加 → 人次=38
2.2 一支部21人、二支部18人、离退休支部26人 → 人次=65
2.2 应到党员70人，实到63人，请假7人 → 人次=63
3.3 形成居民需求清单1份，列出需求18项 → 个=1
4.1 各启动一项，助学助医合计2例 → 例=2
5.1 入户访视低保户6户9人次 → 人次=9
5.3 心理疏导6人次，今年累计41人次 → 人次=6
6.1.1 新增老人档案6份，累计已建61份，还有39份的缺口 → 个=6
6.5 24名留守儿童跟着老师做情绪卡片 → 人次=24
7.1 培育社区社会组织2个 → 支=2
7.2.2 新注册志愿者8人，目前共有96人 → 人=8
7.2.4 12名志愿者每人服务2小时，共24小时 → 小时=24
7.3 发放宣传单150份、环保袋80个 → 份=150
8.1 岗位：链接就业岗位保洁5个、保安3个、服务员12个 → 个=20
8.3 帮扶3人走上岗位，2人做保洁、1人送外卖 → 人=3
9.1.2 每人完成6学时 → 学时=6
10.1 县融媒体刊发稿件2篇 → 次=2
10.1 县融媒体报道1次，阅读量3000次 → 次=1
10.3.1 月度简报1份 → 期=1
4.1 助学1例、助医1例 → 例=2
6.3 服务30人次、惠及30人次 → 人次=30
6.3 老人35人、志愿者6人、社工3人参加 → 人次=35
6.4.1 困境儿童档案6个，留守儿童档案9个 → 个=15
6.4.1 为困境儿童建档5份，为留守儿童建档7份 → 个=12
6.5 儿童24人，家长12人 → 人次=24
6.8.2 组员出席11人、脱落1人 → 人次=11
7.2.2 教年轻人注册志愿者，成功23个 → 人=23
7.2.4 干了3小时，系统里录了18小时志愿时长 → 小时=18
7.3.3 上午在东区宣讲一场52人，下午在西区宣讲一场48人 → 场=2
9.1.1 助理社工师考试通过，持证社工+1 → 名=1
6.1.1 今年计划建老人档案100份，6月又完成15份 → 个=15
6.1.1 按计划完成老人建档12份 → 个=12
6.1.1 为困难老人建档，一户一档9份 → 个=9
6.3 社工一行3人来到敬老院，为32位老人表演 → 人次=32
6.3 16位老人参加，6名子女陪同 → 人次=16
6.2 为58名老人体检，发现异常13名 → 人次=58
6.2 代办认证16人次、代买药品5人次 → 人次=21
6.6 第一场40人，第二场38人，第三场45人 → 人次=123
6.8.2 招募组员12名，实际到场11名 → 人次=11
7.1 备案社会组织2家，至此备案总数达5家 → 支=2
7.2.2 截至5月31日共注册志愿者76人，其中5月新注册14人 → 人=14
7.2.3 截至6月30日已发布志愿项目9个，本月上线2个 → 个=2
7.3.1 发放《殡葬政策一本通》210册 → 份=210
8.1 链接就业岗位3个给残疾人 → 个=3
8.3 介绍仨青年到电子厂上班 → 人=3
8.3 2名青年去面试，1名被录用 → 人=1
9.1.1 4名社区工作者全部通过社会工作职业水平考试 → 名=4
9.1.1 证书寄到，持证社工增加1名 → 名=1
9.3 参会社工25名、督导3名、高校老师2名 → 人次=30
"""

OPEN = """
6.3 现场60人，线上观看1200人次 → 人次
6.6 35名家长和28名儿童参加 → 人次
7.3 政策宣讲2场，每场约40人 → 人次
7.3 宣传单、手册各80份 → 份
7.3.1 发宣传册230本、倡议书120张 → 份
7.3.3 服务居民80余人次 → 人次
6.1.1 为18位留守老人建立档案 → 个
5.1 走访低保户7户 → 人次
7.2.2 注册志愿者12人次 → 人
7.1 社区社会组织增至12支 → 支
6.4.1 新建儿童档案3份，更新儿童档案5份 → 个
7.2.4 每人服务2小时，12人参加 → 小时
7.3 参加居民30人，服务居民50人 → 人次
5.1 入户访视低保户一两个 → 人次
5.3 心理疏导残疾人两三名 → 人次
5.6 协助3人填写申报表，其中2人当场完成申报 → 人次
6.3 今年以来累计开展为老关爱活动7场，6月22日这场来了41人 → 场
7.3 每个小区发放资料50份 → 份
7.3.1 在甲村、乙村各开展惠民殡葬政策宣讲1场 → 场
"""


def lines(told: str) -> list[tuple[str, ...]]:
    return [tuple(line.replace(" → ", " ", 1).split(" ", 2)) for line in told.split("\n") if line]


@pytest.mark.parametrize(("code", "text", "said"), lines(CERTAIN))
def test_an_amount_that_is_certain(project: Project, code: str, text: str, said: str) -> None:
    amounts, questions = select_amounts(project, project.items[code], text)
    unit, _, amount = said.partition("=")
    assert str(amounts[unit].amount) == amount
    assert all(question.unit != unit for question in questions)


@pytest.mark.parametrize(("code", "text", "unit"), lines(OPEN))
def test_an_amount_that_is_asked(project: Project, code: str, text: str, unit: str) -> None:
    amounts, questions = select_amounts(project, project.items[code], text)
    assert unit not in amounts
    assert unit in {question.unit for question in questions}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("7.3.2", "143户家庭签订承诺书"),  # who signed was not counted
        ("7.4", "社工3名、志愿者26名共同参与"),  # those who worked there
        ("7.3.2", "签文明承诺书96份"),  # signed, not handed out
        ("7.3", "拍照片6张，签到表2份"),
        ("10.1", "播放量5000次"),
        ("2.2", "分三批开展培训"),
        ("6.3", "设计老年人关爱方案1份"),
        ("6.1.2", "老年人需求台账新增63条信息"),
        ("6.8.1", "服务对象为五年级男孩"),
        ("7.3", "发放资料0份"),
        ("5.1", "入户访视０人次"),
        ("6.3", "服务零人次"),
    ],
)
def test_nothing_to_count(project: Project, code: str, text: str) -> None:
    assert select_amounts(project, project.items[code], text) == ({}, ())


def test_a_question_says_why_and_suggests_no_number_that_is_not_exact(project: Project) -> None:
    _, (question,) = select_amounts(project, project.items["5.1"], "访视近20人次")
    assert (question.unit, question.words, question.doubt) == ("人次", "近20人次", Doubt.INEXACT)
    assert question.near is None
    _, (question,) = select_amounts(project, project.items["5.1"], "走访困难家庭6户")
    assert (question.words, question.doubt, question.near) == ("6户", Doubt.OTHER_UNIT, None)
    _, (question,) = select_amounts(project, project.items["6.3"], "每场40人，共3场")
    assert (question.words, question.doubt, question.near) == ("每场40人", Doubt.EACH, None)
