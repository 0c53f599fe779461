"""Validates the values of a file against the format and words each problem in plain Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sgtrack.model.errors import Problem
from sgtrack.targets.file_format import (
    AddedFile,
    BriefFile,
    CategoryFile,
    ChangeFile,
    ClauseFile,
    ItemFile,
    OwnClauseFile,
    PaceFile,
    PartiesFile,
    PeriodFile,
    RevisedFile,
)
from sgtrack.targets.yaml_source import FULL_WIDTH_COLON, Place, YamlSource

Model = TypeVar("Model", bound=BaseModel)

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

_MESSAGES: dict[str, tuple[str, str]] = {
    "decimal_parsing": ("“{value}”不是数字", "写成数字，如 {{场: 10}}"),
    "decimal_type": ("“{key}”后面没有数字", "写成数字，如 {{场: 10}}"),
    "decimal_max_places": ("“{value}”的小数太长", "最多两位小数"),
    "int_parsing": ("“{value}”不是整数", "写成整数，如 25"),
    "int_type": ("“{key}”后面没有数字", "写成整数，如 25"),
    "finite_number": ("“{value}”不是数字", "写成数字，如 {{场: 10}}"),
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


def validate(model: type[Model], source: YamlSource) -> Model | None:
    """Validate a source as ``model``; if invalid, add every problem to it and return None."""
    if not isinstance(source.value, dict):
        if not source.problems:
            source.problems.append(
                source.problem((), "文件是空的，或者没有分项写", "参照 sgtrack 自带的目标文件改写")
            )
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
    enclosing = _enclosing_model(model, place)
    if kind == "extra_forbidden":
        return source.problem(place, f"不认识的键“{key}”", _known_keys(key, enclosing))
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


def _enclosing_model(model: type[BaseModel], place: Place) -> type[BaseModel]:
    for step in reversed(place[:-1]):
        if step in _MODEL_BY_KEY:
            return _MODEL_BY_KEY[str(step)]
    return model


def _fields_by_key(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _known_keys(key: str, model: type[BaseModel]) -> str:
    names = list(_fields_by_key(model))
    close = get_close_matches(key, names, n=1)
    guess = f"是不是“{close[0]}”？" if close else ""
    return f"{guess}这里可以写：{'、'.join(names)}"
