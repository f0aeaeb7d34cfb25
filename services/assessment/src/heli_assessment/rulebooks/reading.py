"""From text to plain values: YAML or JSON, bounded, exact numbers, and the line and column of everything."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from heli_shared.kernel.errors import BadRequest, FieldProblem, InvalidInput, TooLarge
from heli_shared.kernel.plain_yaml import LOADER

LARGEST_TEXT = 256 * 1024
DEEPEST = 16
MOST_PROBLEMS = 50
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?")
_NUMBER_TAGS = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}
_TEXT_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Place:
    """A line and column of the text, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class PlacedProblem(FieldProblem):
    """A problem of a rulebook: its place, and what kind it is (`shape` where the text or its form is wrong)."""

    place: Place | None = None
    code: str = "shape"


@dataclass(frozen=True, slots=True)
class Document:
    """Plain values (dict, list, str, Decimal, bool, None) and where each JSON pointer begins in the text."""

    value: Any
    places: Mapping[str, Place] = field(default_factory=dict)

    def place(self, pointer: str) -> Place | None:
        """Return where a pointer begins; for something that is not there, where its parent begins."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer)

    def problem(self, pointer: str, zh: str, en: str, code: str = "shape") -> PlacedProblem:
        """Return a problem that names line, column and pointer."""
        return _located(self.place(pointer), pointer, zh, en, code)


def read_yaml(text: str) -> Document:
    """Return a YAML document; InvalidInput names line and column of what is wrong."""
    places: dict[str, Place] = {}
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else None
        raise _broken(
            [_located(place, "", f"YAML 语法错误：{error.problem}", f"not valid YAML: {error.problem}")]
        ) from None
    except yaml.YAMLError:
        raise _broken([_located(None, "", "含有不允许的字符", "holds a character that is not allowed")]) from None
    if node is None:
        raise _broken([_located(None, "", "内容为空", "is empty")])
    problems: list[PlacedProblem] = []
    value = _Reader(places, problems).read(node, "")
    if problems:
        raise _broken(problems)
    return Document(value, places)


def read_json(text: str) -> Document:
    """Return a JSON document with exact numbers; InvalidInput names line and column of what is wrong."""
    try:
        value = json.loads(
            text,
            parse_float=_json_number,
            parse_int=_json_number,
            parse_constant=_json_number,
            object_pairs_hook=_json_object,
        )
    except json.JSONDecodeError as error:
        place = Place(error.lineno, error.colno)
        raise _broken([_located(place, "", "不是有效的 JSON", f"not valid JSON: {error.msg}")]) from None
    except RecursionError:
        raise _broken([_located(None, "", "嵌套过深", "is nested too deeply")]) from None
    problems: list[PlacedProblem] = []
    _check_plain(value, "", problems)
    if problems:
        raise _broken(problems)
    return Document(value)


def text_of(body: bytes) -> str:
    """Return an uploaded body as text; refused when too large or not UTF-8."""
    if len(body) > LARGEST_TEXT:
        kib = LARGEST_TEXT // 1024
        raise TooLarge(f"考核细则最大 {kib} KiB。", f"A rulebook is at most {kib} KiB.")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest("正文不是 UTF-8 编码。", "The body is not UTF-8.") from error


def pointer_token(name: object) -> str:
    """Return one step of a JSON pointer, escaped."""
    return str(name).replace("~", "~0").replace("/", "~1")


def _composed(text: str) -> Any:
    try:
        _check_events(text, LOADER)
        return yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError:
        # The loader written in Python says better what is wrong and where.
        _check_events(text, yaml.SafeLoader)
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _check_events(text: str, loader: type[Any]) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        mark = event.start_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _broken(
                [_located(place, "", "不允许使用锚点和别名（& 和 *）", "anchors and aliases are not allowed")]
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _broken([_located(place, "", f"嵌套超过 {DEEPEST} 层", f"is nested deeper than {DEEPEST} levels")])


class _Reader:
    """Turns YAML nodes into plain values and notes where each begins."""

    def __init__(self, places: dict[str, Place], problems: list[PlacedProblem]) -> None:
        self._places = places
        self._problems = problems

    def read(self, node: yaml.Node, pointer: str) -> Any:
        self._places[pointer] = Place(node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, pointer)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, f"{pointer}/{index}") for index, child in enumerate(node.value)]
        return self._scalar(node, pointer)

    def _mapping(self, node: yaml.MappingNode, pointer: str) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, child in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            inner = f"{pointer}/{pointer_token(name)}"
            self._places[inner] = Place(key.start_mark.line + 1, key.start_mark.column + 1)
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(inner, "名称应为文字", "a name must be text")
            elif name in members:
                self._refuse(inner, f"“{name}”重复出现", f"{name} is given twice")
            members[name] = self.read(child, inner)
        return members

    def _scalar(self, node: yaml.Node, pointer: str) -> Any:
        text = str(node.value)
        if node.tag == "tag:yaml.org,2002:null":
            return None
        if node.tag == "tag:yaml.org,2002:bool":
            return text.lower() in {"true", "yes", "on"}
        if node.tag in _NUMBER_TAGS:
            if _PLAIN_NUMBER.fullmatch(text):
                return Decimal(text)
            self._refuse(pointer, "数字应写成普通小数，例如 12.5", "write numbers as plain decimals such as 12.5")
            return None
        if node.tag not in _TEXT_TAGS:
            self._refuse(pointer, "不允许使用标签（!）", "tags are not allowed")
            return None
        if _FORBIDDEN.search(text):
            self._refuse(pointer, "文字中含有不允许的字符", "holds a character that is not allowed")
        return text

    def _refuse(self, pointer: str, zh: str, en: str) -> None:
        self._problems.append(_located(self._places.get(pointer), pointer, zh, en))


def _json_number(digits: str) -> Any:
    return Decimal(digits) if _PLAIN_NUMBER.fullmatch(digits) else _NotPlain()


class _NotPlain:
    """Stands for a number that is not a plain decimal, until its pointer is known."""


class _Twice(dict[str, Any]):
    """An object in which a name occurred twice."""


def _json_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _Twice(members)


def _check_plain(value: Any, pointer: str, problems: list[PlacedProblem], depth: int = 1) -> None:
    if depth > DEEPEST:
        problems.append(PlacedProblem(pointer, f"嵌套超过 {DEEPEST} 层", f"is nested deeper than {DEEPEST} levels"))
    elif isinstance(value, _NotPlain):
        problems.append(PlacedProblem(pointer, "数字应写成普通小数，例如 12.5", "must be a plain decimal such as 12.5"))
    elif isinstance(value, str) and _FORBIDDEN.search(value):
        problems.append(PlacedProblem(pointer, "文字中含有不允许的字符", "holds a character that is not allowed"))
    elif isinstance(value, dict):
        if isinstance(value, _Twice):
            problems.append(PlacedProblem(pointer, "对象中有重复的名称", "has the same name twice"))
        for name, member in value.items():
            _check_plain(name, pointer, problems, depth)
            _check_plain(member, f"{pointer}/{pointer_token(name)}", problems, depth + 1)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            _check_plain(member, f"{pointer}/{index}", problems, depth + 1)


def _located(place: Place | None, pointer: str, zh: str, en: str, code: str = "shape") -> PlacedProblem:
    if place is None:
        return PlacedProblem(pointer, zh, en, None, code)
    before = (f"第 {place.line} 行第 {place.column} 列：", f"line {place.line}, column {place.column}: ")
    return PlacedProblem(pointer, before[0] + zh, before[1] + en, place, code)


def _broken(problems: Sequence[PlacedProblem]) -> InvalidInput:
    return InvalidInput(
        "考核细则有误，请按 errors 逐项改正；没有保存任何内容。",
        "The rulebook is not valid; correct each of `errors`. Nothing was stored.",
        errors=problems[:MOST_PROBLEMS],
    )


def refuse(problems: Sequence[PlacedProblem]) -> InvalidInput:
    """Return the one refusal of an upload, with every problem that was found."""
    return _broken(problems)
