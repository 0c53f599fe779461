"""Defines the keys of target files, validates their values, and builds a JSON Schema.

A target file describes a community, or a contract that several communities share. A community's
file names the shared file under ``extends``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from sgtrack.model.errors import Problem
from sgtrack.targets.yaml_source import FULL_WIDTH_COLON, Place, YamlSource

Model = TypeVar("Model", bound=BaseModel)
_MESSAGES: dict[str, tuple[str, str]] = {
    "decimal_parsing": ("“{value}”不是数字", "写成数字，如 {{场: 10}}"),
    "decimal_type": ("“{key}”后面没有数字", "写成数字，如 {{场: 10}}"),
    "decimal_max_places": ("“{value}”的小数太长", "最多两位小数"),
    "int_parsing": ("“{value}”不是整数", "写成整数，如 25"),
    "int_type": ("“{key}”后面没有数字", "写成整数，如 25"),
    "finite_number": ("“{value}”不是数字", "写成数字，如 {{场: 10}}"),
    "literal_error": ("“{key}”是 {value}，没有这个写法", "可以写 {expected}"),
    "greater_than": ("“{key}”是 {value}，要大于 0", "写成合同里的数量；不要的指标整行删掉"),
    "greater_than_equal": ("“{key}”是 {value}，太小", "最小写 {ge}"),
    "less_than_equal": ("“{key}”是 {value}，太大", "最大写 {le}"),
    "bool_parsing": ("“{value}”不是 true 或 false", "写 true 或 false"),
    "bool_type": ("“{key}”后面是空的", "写 true 或 false"),
    "string_too_short": ("“{key}”是空的", "写上内容"),
    "string_type": ("“{key}”应当是一段文字", "写成一行文字；没有就删掉这一行"),
    "string_pattern_mismatch": ("编号“{value}”写得不对", "只用数字和点，如 5.1"),
    "too_short": ("“{key}”是空的", "至少写一项"),
}
_DATE = ("“{value}”不是日期", "写成 2026-01-31 这样")
_MAPPING = ("“{key}”应当分项写", "换行缩进后写“键: 值”，或写成 {{次: 4}} 这样")
_LIST = ("“{key}”应当是列表", "每项一行，以“- ”开头，或写成 [甲, 乙]")


def _half_width(value: object) -> object:
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value


def _iso_day(value: object) -> object:
    """Require the format YYYY-MM-DD; pydantic would read a number as seconds since 1970."""
    text = _half_width(value)
    if isinstance(text, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise PydanticCustomError("date_parsing", "not a day")
    return text


def _as_list(value: object) -> object:
    return [] if value is None else value


def _as_text(value: object) -> object:
    return "" if value is None else value


TargetAmount = Annotated[
    Decimal,
    BeforeValidator(_half_width),
    Field(gt=0, decimal_places=2, allow_inf_nan=False, le=10_000_000),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
]
Amounts = Annotated[
    dict[str, TargetAmount],
    WithJsonSchema(
        {"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0}}
    ),
]
Code = Annotated[
    str,
    BeforeValidator(_half_width),
    Field(pattern=r"^\d+(\.\d+)*$"),
    WithJsonSchema({"type": ["string", "number"], "description": "编号，如 5.1"}),
]
Day = Annotated[date, BeforeValidator(_iso_day)]
Words = Annotated[list[str], BeforeValidator(_as_list)]
Blank = Annotated[str, BeforeValidator(_as_text), WithJsonSchema({"type": ["string", "null"]})]
"""A text that may be missing; documents then show 待填."""


class _FileModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemFile(_FileModel):
    """An item (服务项), under which activities are logged."""

    name: str = Field(min_length=1, description="服务项名称，登记时用它查找")
    code: Code | None = Field(None, description="编号；条款只有一个服务项时不写")
    part_of: Code | None = Field(None, description="“其中”的部分写上级服务项的编号，同时计入上级")
    total: Amounts = Field(default_factory=dict, description="项目期内累计，如 {场: 10, 人次: 400}")
    monthly: Amounts = Field(default_factory=dict, description="每月，如 {次: 1}")
    quarterly: Amounts = Field(default_factory=dict, description="每季度，如 {次: 1}")
    yearly: Amounts = Field(default_factory=dict, description="每年，如 {次: 2}")
    due_day: Annotated[int, BeforeValidator(_half_width), Field(ge=1, le=31)] | None = Field(
        None, description="每月几日前（只和 monthly 一起写）"
    )
    per_person: Amounts = Field(default_factory=dict, description="名册上每人每年，如 {学时: 20}")
    role: str | None = Field(None, description="per_person 按哪个角色的名册，如 社区工作者")
    types: Words = Field(default_factory=list, description="每一类至少一个的类型")
    milestone: bool = Field(False, description="没有数字的条款，完成一次即可")
    due: Day | None = Field(
        None, description="milestone 的截止日期；不写是项目结束日，中期报告是期中"
    )
    series: bool = Field(False, description="小组、个案：同一名称分多次进行，只计一个")
    sessions: Annotated[int, BeforeValidator(_half_width), Field(ge=1, le=100)] | None = Field(
        None, description="小组、个案满几次计一个（只和 series 一起写）；提前结束用 --close"
    )
    each: Amounts = Field(
        default_factory=dict,
        description="每一场（次、节）的最低数量，不足的不计，如 {人: 30, 小时: 1}；人指到场人数",
    )
    once_per_person: bool = Field(
        False, description="每人只计一次：同一个名字在人次里也只算一次（登记时写姓名）"
    )
    records: Words = Field(default_factory=list, description="合同没要求、但可以一并记录的单位")
    words: Words = Field(default_factory=list, description="登记时也能用来查找的说法")
    evidence: list[str] | None = Field(
        None, description="每次活动须有的佐证材料，如 [签到表, 照片]；不写就按服务项的种类"
    )
    usually: Amounts = Field(
        default_factory=dict, description="一次活动通常有多少，如 {人次: 30, 份: 60}；做计划时用"
    )
    serves: Annotated[list[Code], BeforeValidator(_as_list)] = Field(
        default_factory=list, description="同一次活动还能计入的服务项的编号；做计划时用"
    )
    brief: bool = Field(False, description="月度简报：sgtrack brief --issue 时自动记一次")


class ClauseFile(_FileModel):
    """A numbered line of 服务指标; ``text`` is the contract's text, verbatim."""

    code: Code
    text: str = Field("", description="合同原文，一字不改")
    checked: bool = Field(
        False, description="这一条已和采购人核对过写 true，targets check 不再提示"
    )
    items: list[ItemFile] = Field(description="服务项")


class CategoryFile(_FileModel):
    """A category, which is a row of the contract's table."""

    code: Code
    name: str = Field(min_length=1, description="服务类别")
    content: str = Field("", description="具体服务内容")
    clauses: list[ClauseFile] = Field(min_length=1)


class ContractFile(_FileModel):
    """A contract that several communities share."""

    categories: list[CategoryFile] = Field(min_length=1)


class RevisedFile(_FileModel):
    """New target amounts of an item, under keys and units that the item already has."""

    total: Amounts = Field(default_factory=dict, description="新的累计目标，如 {人次: 60}")
    monthly: Amounts = Field(default_factory=dict, description="新的每月目标")
    quarterly: Amounts = Field(default_factory=dict, description="新的每季度目标")
    yearly: Amounts = Field(default_factory=dict, description="新的每年目标")
    per_person: Amounts = Field(default_factory=dict, description="新的每人每年目标")


class AddedFile(_FileModel):
    """Items that a supplementary agreement adds to an existing or a new clause."""

    clause: Code = Field(description="加在哪个条款下；新的条款接着编号，如 7.6")
    text: str = Field("", description="新条款的原文，一字不改；加在原有条款下不写")
    items: list[ItemFile] = Field(min_length=1, description="新增的服务项")


class ChangeFile(_FileModel):
    """The changes of a supplementary agreement and the day they come into force."""

    start: Day = Field(alias="from", description="从哪天起")
    document: str = Field(min_length=1, description="依据的文件，如 补充协议（2026年6月20日）")
    note: Blank = Field("", description="说明")
    targets: dict[Code, RevisedFile] = Field(
        default_factory=dict, description="改了的目标，按服务项编号写新的数"
    )
    add: list[AddedFile] = Field(default_factory=list, description="新增的服务项")
    end: Annotated[list[Code], BeforeValidator(_as_list)] = Field(
        default_factory=list, description="终止的服务项编号"
    )
    period_end: Day | None = Field(None, description="新的项目结束日")


class PeriodFile(_FileModel):
    """The first and last day of the contract."""

    start: Day
    end: Day
    checked: bool = Field(False, description="期限照合同核对过写 true")


class PartiesFile(_FileModel):
    """The parties to the contract."""

    buyer: Blank = Field("", description="采购人")
    agency: Blank = Field("", description="承接机构")
    station: Blank = Field("", description="社工站（室）")


class BriefFile(_FileModel):
    """The title, the reporting months and the recipients of the monthly brief."""

    title: str = Field("社会工作服务项目工作简报", description="简报标题")
    window_starts: Annotated[int, BeforeValidator(_half_width), Field(ge=1, le=28)] = Field(
        26, description="统计月从几日开始：26 是上月26日到本月25日，1 是自然月"
    )
    copies_to: Words = Field(default_factory=list, description="报：上级单位")
    sent_to: Words = Field(default_factory=list, description="送：平级或有关单位")
    issued_to: Words = Field(default_factory=list, description="发：下面的单位")
    annex: Literal["full", "changed", "none"] = Field(
        "changed",
        description="附件：full 全部指标和活动，changed 只在正文列有变动的指标，none 都不列",
    )


class PaceFile(_FileModel):
    """The threshold for being on track, and the lead time of reminders in days."""

    on_track: Annotated[
        Decimal,
        BeforeValidator(_half_width),
        Field(gt=0, le=1),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
    ] = Field(Decimal("0.8"), description="达到序时进度的几成为正常，如 0.8")
    remind_days: Annotated[int, BeforeValidator(_half_width), Field(ge=0, le=60)] = Field(
        7, description="截止前几天还没完成就提醒"
    )


class OwnClauseFile(_FileModel):
    """A community's own version of a clause in the shared contract."""

    text: str = Field(min_length=1, description="合同原文，一字不改")
    items: list[ItemFile] | None = Field(None, description="不写就用共有的服务项")


class CommunityFile(_FileModel):
    """The target file of a community."""

    name: str = Field(min_length=1, description="社区名称")
    county: Blank = Field("", description="县（区）")
    street: Blank = Field("", description="街道（乡镇）")
    package: Blank = Field("", description="采购包")
    contract: Blank = Field("", description="合同编号")
    period: PeriodFile = Field(description="项目期限")
    parties: PartiesFile = Field(default_factory=PartiesFile)
    brief: BriefFile = Field(default_factory=BriefFile)
    pace: PaceFile = Field(default_factory=PaceFile)
    extends: str | None = Field(None, description="共有条款的文件，如 shared/lezhi.yaml")
    categories: list[CategoryFile] = Field(
        default_factory=list, description="服务类别；有 extends 时不写"
    )
    differs: dict[Code, OwnClauseFile] = Field(
        default_factory=dict, description="与共有条款不同的条款，按编号写"
    )
    changes: list[ChangeFile] = Field(
        default_factory=list, description="合同期内的变更，一份补充协议一条"
    )


def json_schema() -> dict[str, Any]:
    """Build the JSON Schema of a community's target file, so that editors can check its YAML."""
    schema = CommunityFile.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sgtrack 目标文件",
    } | {key: value for key, value in schema.items() if key not in ("title", "description")}


_MODEL_BY_KEY: dict[str, type[BaseModel]] = {
    "categories": CategoryFile,
    "clauses": ClauseFile,
    "items": ItemFile,
    "differs": OwnClauseFile,
    "period": PeriodFile,
    "parties": PartiesFile,
    "brief": BriefFile,
    "pace": PaceFile,
    "changes": ChangeFile,
    "targets": RevisedFile,
    "add": AddedFile,
}


def validate(model: type[Model], source: YamlSource) -> Model | None:
    """Validate the values of a file as ``model``.

    Return None if they are invalid, and add every problem to ``source``.
    """
    if not isinstance(source.value, dict):
        if not source.problems:
            source.report((), "文件是空的，或者没有分项写", "参照 sgtrack 自带的目标文件改写")
        return None
    try:
        return model.model_validate(source.value)
    except ValidationError as error:
        source.problems.extend(_problem(source, model, dict(e)) for e in error.errors())
        return None


def _problem(source: YamlSource, model: type[BaseModel], error: dict[str, Any]) -> Problem:
    place: Place = tuple(step for step in error["loc"] if step != "[key]")
    kind: str = error["type"]
    key = str(place[-1]) if place else ""
    named = (_MODEL_BY_KEY[str(step)] for step in reversed(place[:-1]) if step in _MODEL_BY_KEY)
    enclosing = next(named, model)
    if kind == "extra_forbidden":
        names = list(_fields_by_key(enclosing))
        close = get_close_matches(key, names, n=1)
        guess = f"是不是“{close[0]}”？" if close else ""
        hint = f"{guess}这里可以写：{'、'.join(names)}"
        return source.problem(place, f"不认识的键“{key}”", hint)
    if kind == "missing":
        field = _fields_by_key(enclosing).get(key)
        meaning = f"（{field.description}）" if field and field.description else ""
        return source.problem(place, f"缺少“{key}”{meaning}", f"加一行 “{key}: …”")
    value = error.get("input")
    if (
        isinstance(value, str)
        and "：" in value
        and kind in ("model_type", "dict_type", "list_type")
    ):
        return source.problem(place, f"“{key}”下面用了全角冒号", FULL_WIDTH_COLON)
    message, remedy = _message_for(kind)
    limits: Mapping[str, Any] = error.get("ctx", {})
    values = {"key": key, "value": value, "ge": limits.get("ge"), "le": limits.get("le")}
    return source.problem(place, message.format(**values), remedy.format(**values))


def _message_for(kind: str) -> tuple[str, str]:
    if kind in _MESSAGES:
        return _MESSAGES[kind]
    if kind.startswith("date"):
        return _DATE
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return _MAPPING
    if kind == "list_type":
        return _LIST
    return ("“{key}”写得不对", "对照 sgtrack 自带的目标文件改写")


def _fields_by_key(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}
