"""Reads a YAML file as plain values, and records the line of every key for messages.

Every scalar stays text: ``code: 5.10`` does not become 5.1, and ``on`` does not become a boolean.
``file_format`` converts each text to the type of its key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from sgtrack.model.errors import Problem, reason_of
from sgtrack.model.text import find_unprintable

Place = tuple[str | int, ...]
"""The keys and list positions that lead from the root of a file to a value."""

MAX_BYTES = 1_000_000
"""Maximum size of a target file in bytes."""
UNPRINTABLE_REMEDY = "删掉这一处，重新输入"
_OPEN_REMARK = re.compile(r"\s*#\s*待核对[:：]")
FULL_WIDTH_COLON = "冒号要用半角的 “:”，后面空一格"


@dataclass
class YamlSource:
    """The plain values of a file, the line of each place, and the problems in the file."""

    file: str
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    open_remarks: tuple[int, ...] = ()
    """The lines of the comments that begin with 待核对, which a draft leaves for a person."""

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest enclosing place with a known line."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, message: str, remedy: str) -> Problem:
        """Build a problem at a place in this file."""
        return Problem(self.file, self.line(place), message, remedy)

    def report(self, place: Place, message: str, remedy: str) -> None:
        """Build a problem at a place in this file and add it to ``problems``."""
        self.problems.append(self.problem(place, message, remedy))


def read_yaml(path: Path, display_name: str) -> YamlSource:
    """Read a YAML file and collect its problems; messages call the file ``display_name``."""
    source = YamlSource(display_name)
    text = _read_text(path, source)
    if text is None:
        return source
    source.open_remarks = tuple(
        n for n, line in enumerate(text.splitlines(), start=1) if _OPEN_REMARK.match(line)
    )
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        source.problems.append(_syntax_problem(source, text, error))
        return source
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        sign = f"里有看不见的字符（U+{ord(text[error.position]):04X}）"
        source.problems.append(Problem(source.file, line, sign, UNPRINTABLE_REMEDY))
        return source
    except (YAMLError, ValueError, RecursionError):
        source.report((), "不是可以读懂的 YAML 文件", "参照 sgtrack 自带的目标文件改写")
        return source
    source.value = _plain_value(root, (), source, set()) if root is not None else None
    return source


def _read_text(path: Path, source: YamlSource) -> str | None:
    if path.is_symlink():
        source.report((), "是链接，不是文件本身", "把目标文件复制到这里，再删掉链接")
        return None
    try:
        if path.stat().st_size > MAX_BYTES:
            source.report((), "文件太大，不像目标文件", "目标文件一般只有几十 KB")
            return None
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        source.report((), "文件不是 UTF-8 编码", "用记事本另存为，编码选 UTF-8")
    except OSError as error:
        source.report((), f"文件读不出来（{reason_of(error)}）", "检查文件是否存在、能否打开")
    return None


def _syntax_problem(source: YamlSource, text: str, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    rows = text.splitlines()
    nearby = rows[max(0, line - 1) : line + 1]
    for number, row in enumerate(nearby, start=max(0, line - 1) + 1):
        key, colon, _ = row.partition("：")
        if colon and ":" not in key and not row.lstrip().startswith("#"):
            return Problem(source.file, number, "用了全角冒号“：”", FULL_WIDTH_COLON)
    if any("\t" in row for row in nearby):
        return Problem(source.file, line + 1, "用了制表符缩进", "缩进只用空格，每层两个")
    return Problem(
        source.file,
        line + 1,
        "这一行附近的写法不对",
        "检查缩进是否对齐、冒号后面有没有空格、引号和括号是否成对",
    )


def _plain_value(node: Node, place: Place, source: YamlSource, seen: set[int]) -> Any:
    """Return the value of a node as text, list, dict or None.

    Aliases are reported as problems, because with them a small file can expand without limit.
    """
    source.lines.setdefault(place, node.start_mark.line + 1)
    if id(node) in seen:
        source.report(place, "用了 YAML 的引用（* 号）", "把内容直接写出来")
        return None
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        sign = find_unprintable(re.sub(r"[\n\t]", "", str(node.value)))
        if sign is not None:
            source.report(place, f"里有看不见的字符（U+{ord(sign):04X}）", UNPRINTABLE_REMEDY)
            return None
        empty = node.style is None and node.value in ("", "~", "null")
        return None if empty else str(node.value)
    if isinstance(node, SequenceNode):
        return [
            _plain_value(child, (*place, n), source, seen) for n, child in enumerate(node.value)
        ]
    if isinstance(node, MappingNode):
        return _mapping(node, place, source, seen)
    return None


def _mapping(node: MappingNode, place: Place, source: YamlSource, seen: set[int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        key_place = (*place, key)
        line = key_node.start_mark.line + 1
        if key in values:
            first = source.line(key_place)
            source.problems.append(
                Problem(
                    source.file,
                    line,
                    f"“{key}”写了两次（第 {first} 行已有）",
                    "留下一个，删掉另一个",
                )
            )
            continue
        source.lines[key_place] = line
        if "：" in key:
            source.report(key_place, f"“{key}”用了全角冒号", FULL_WIDTH_COLON)
            continue
        values[key] = _plain_value(value_node, key_place, source, seen)
    return values
