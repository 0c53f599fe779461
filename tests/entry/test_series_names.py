"""Titles of groups and cases: the name, the number of the session, and the theme."""

from __future__ import annotations

import pytest

from sgtrack.entry.series_names import (
    SeriesTitle,
    is_close,
    is_generic,
    read_series_title,
    series_key,
)


def read(title: str, *known: str) -> tuple[str, int | None, str]:
    found = read_series_title(title, known)
    return found.name, found.session, found.note.removeprefix("主题：")


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (
            "夕阳红小组 夕阳红小组第二节 “夕阳红”小组（第2次） 夕阳红小组第2次活动 "
            "「夕阳红」小组 【夕阳红小组】 夕阳红小组第３期小组活动 夕阳红第3期小组活动 "
            "第二节夕阳红小组 夕阳红小组首节 夕阳红小组之四 夕阳红小组活动",
            "夕阳红小组",
        ),
        (
            "银龄手工坊 《银龄手工坊》第二讲 银龄手工坊（第十二次课） 银龄手工坊最后一次活动",
            "银龄手工坊",
        ),
        ("张某个案 “张某”个案第1次面谈 张某个案(第4次入户访谈) 张某个案第二次跟进", "张某个案"),
        (
            "护苗伴成长留守儿童小组 “护苗伴成长”留守儿童小组第三节 "
            "“护苗伴成长”留守儿童小组第一、二节",
            "护苗伴成长留守儿童小组",
        ),
    ],
)
def test_numbers_and_signs_make_no_new_group(titles: str, name: str) -> None:
    keys = {series_key(title) for title in titles.split()}
    assert keys == {name}
    assert {series_key(f" {title[:3]}　{title[3:]} ") for title in titles.split()} == {name}


@pytest.mark.parametrize(
    ("title", "session"),
    [
        ("夕阳红小组第二节", 2),
        ("夕阳红小组（第２次）", 2),
        ("夕阳红小组 第 12 次", 12),
        ("个案甲第廿一次面谈", 21),
        ("彩虹小组首次活动", 1),
        ("彩虹小组之三", 3),
        ("夕阳红小组第二期第3节", 3),
        ("夕阳红小组", None),
        ("夕阳红2组", None),
        ("第三人民医院个案", None),
        ("第二课堂小组", None),
        ("夕阳红小组第1-2节", None),
        ("夕阳红小组第一二节", None),
        ("夕阳红小组第0节", None),
    ],
)
def test_the_number_of_a_session_is_read_or_left_open(title: str, session: int | None) -> None:
    assert read_series_title(title).session == session


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("夕阳红小组第二节“认识情绪”", ("夕阳红小组", 2, "认识情绪")),
        ("夕阳红小组第2次活动——认识情绪", ("夕阳红小组", 2, "认识情绪")),
        ("夕阳红小组（第2次：认识情绪）", ("夕阳红小组", 2, "认识情绪")),
        ("认识情绪（夕阳红小组第二节）", ("夕阳红小组", 2, "认识情绪")),
        ("“夕阳红”小组“认识情绪”主题活动", ("夕阳红小组", None, "认识情绪")),
        ("彩虹小组 画一画我的家", ("彩虹小组", None, "画一画我的家")),
        ("“亲子”小组第三节，本节主题“独一无二的我”", ("亲子小组", 3, "独一无二的我")),
        ("“乐学”手机小组“认识情绪”", ("乐学手机小组", None, "认识情绪")),
        ("个案甲第2次入户探访", ("个案甲", 2, "入户探访")),
        ("木棉小组第1、2节", ("木棉小组", None, "第1、2节")),
        ("木棉小组第2节（共6节）", ("木棉小组", 2, "共6节")),
        ("木棉小组末节", ("木棉小组", None, "末节")),
        ("Sunny Club 第2次", ("Sunny Club", 2, "")),
        ("第2次", ("", 2, "")),
    ],
)
def test_the_theme_of_a_session_is_not_its_group(
    title: str, expected: tuple[str, int | None, str]
) -> None:
    assert read(title) == expected


def test_an_open_group_decides_which_words_are_the_theme() -> None:
    title = "“认识情绪”夕阳红小组第二节"
    assert read(title) == ("认识情绪夕阳红小组", 2, "")
    assert read(title, "夕阳红小组") == ("夕阳红小组", 2, "认识情绪")
    assert read("“夕阳红”老年互助小组", "老年互助小组") == ("老年互助小组", None, "夕阳红")
    assert read("“夕阳红”老年互助小组", "别的小组") == ("夕阳红老年互助小组", None, "")


@pytest.mark.parametrize("title", ["个案1-1", "个案甲（南街）", "3.1组", "A B 组", "夕阳红2组"])
def test_what_tells_groups_apart_stays_in_the_name(title: str) -> None:
    plain = title.translate(dict.fromkeys(map(ord, "-（）. 2南街")))
    assert series_key(title) != series_key(plain)
    assert series_key(title) == series_key(title.replace("（", "(").replace("）", ")"))


@pytest.mark.parametrize(
    "pair",
    [
        ("夕阳红小组", "夕阳虹小组"),
        ("夕阳红小组", "夕阳红"),
        ("夕阳红小组", "夕阳红老年互助小组"),
        ("夕阳红小组", "夕红阳小组"),
        ("夕阳红小组", "夕红小组"),
        ("夕阳红小组", "夕阳红小组2"),
        ("夕阳红小组", "小组夕阳红"),
        ("阳光小组", "洋光小组"),
        ("张桂芳个案", "张桂芬个案"),
        ("银龄智慧课堂", "银铃智能课堂"),
    ],
)
def test_names_that_may_be_mistyped_are_close(pair: tuple[str, str]) -> None:
    assert is_close(*pair)
    assert is_close(*reversed(pair))


@pytest.mark.parametrize(
    "pair",
    [
        ("个案甲", "个案乙"),
        ("个案1", "个案12"),
        ("亲子小组一", "亲子小组二"),
        ("儿童A组", "儿童B组"),
        ("王某个案", "李某个案"),
        ("独居老人王奶奶", "独居老人张奶奶"),
        ("男童小组", "女童小组"),
        ("彩虹小组", "互助小组"),
        ("夕阳红", "向日葵"),
    ],
)
def test_names_of_different_groups_are_not_close(pair: tuple[str, str]) -> None:
    assert not is_close(*pair)
    assert not is_close(*reversed(pair))


def test_a_name_of_general_words_tells_no_group() -> None:
    assert all(map(is_generic, ("", "小组", "小组活动", "第2次", "个案服务", "小组第三节")))
    assert all(map(is_generic, ("新开个案", "两个个案", "今年新增小组", "“一老一小”小组")))
    assert not any(map(is_generic, ("夕阳红", "个案甲", "个案2", "Club")))
    assert read_series_title("") == SeriesTitle("")
