"""JSON as it may come in: strict, bounded in depth, without NaN, lone surrogates, NUL or duplicate names."""

import json
from typing import Any

from fastapi import Request

from heli_shared.kernel.errors import BadRequest

_MAX_DEPTH = 32
_MAX_DIGITS = 18


def decoded(body: bytes) -> Any:
    """Return the JSON value in a body; BadRequest says what is wrong with it."""
    try:
        text = body.decode("utf-8")
        _check_depth(text)
        value = json.loads(
            text, parse_constant=_refuse_constant, parse_int=_integer, parse_float=_number, object_pairs_hook=_object
        )
        _check_text(value)
    except UnicodeDecodeError as error:
        raise BadRequest("正文不是 UTF-8 编码。", "The body is not UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadRequest("正文不是有效的 JSON。", "The body is not valid JSON.") from error
    return value


def _check_depth(text: str) -> None:
    depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            if depth > _MAX_DEPTH * 8:  # brackets inside texts count, too: a generous outer bound before parsing
                raise BadRequest("JSON 嵌套过深。", "The JSON is nested too deeply.")
        elif character in "]}":
            depth -= 1


def _refuse_constant(name: str) -> Any:
    raise BadRequest(f"JSON 中不允许 {name}。", f"{name} is not allowed in JSON.")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > _MAX_DIGITS:
        raise BadRequest("整数超出范围。", "An integer is out of range.")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise BadRequest("数值超出范围。", "A number is out of range.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadRequest("JSON 对象中有重复的名称。", "A JSON object has the same name twice.")
    return members


def _check_text(value: Any, depth: int = 0) -> None:
    if depth > _MAX_DEPTH:
        raise BadRequest("JSON 嵌套过深。", "The JSON is nested too deeply.")
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise BadRequest("文字中含有不允许的字符。", "A text holds a character that is not allowed.")
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_text(name, depth + 1)
            _check_text(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            _check_text(member, depth + 1)


class StrictRequest(Request):
    """A request whose JSON body is read by our own decoder."""

    async def json(self) -> Any:
        """Return the decoded body, once per request."""
        if not hasattr(self, "_json"):
            self._json = decoded(await self.body())
        return self._json
