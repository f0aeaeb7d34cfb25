"""Values as they are typed on the command line, `field=value`, in the types of the kind's fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

_YES, _NO = frozenset({"是", "true", "yes", "1"}), frozenset({"否", "false", "no", "0"})


def typed_values(heli: Heli, kind: str, given: Sequence[str]) -> dict[str, Any]:
    """Return the values of a record's fields; `field=` clears. Refusal of what is no `field=value` or no such value."""
    types = _types_of(heli, kind)
    found: dict[str, Any] = {}
    for each in given:
        name, sign, text = each.partition("=")
        if not (name and sign):
            raise Refusal(f"“{each}”应写成 字段=值。", f"Write {each!r} as field=value.", code=2)
        found[name] = _typed(name, text, types.get(name, "text")) if text else None
    return found


def _types_of(heli: Heli, kind: str) -> Mapping[str, str]:
    """Return the types of a kind's fields; a kind that the catalogue does not share is taken as text."""
    for item in heli.get("registry", "/v1/catalogue")["items"]:
        if item["resource"] == kind:
            return {field["name"]: field["type"] for field in item["fields"]}
    return {}


def _typed(name: str, text: str, type_: str) -> Any:
    read = _READERS.get(type_)
    value = text if read is None else read(text)
    if value is None:
        wanted = {"integer": "整数 a whole number", "boolean": "是 或 否 yes or no"}[type_]
        raise Refusal(f"{name} 应为{wanted.split(' ')[0]}：{text}。", f"{name} must be {wanted}: {text}.", code=2)
    return value


def _integer(text: str) -> int | None:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    return sign * int(digits) if digits.isascii() and digits.isdigit() else None


def _boolean(text: str) -> bool | None:
    word = text.lower()
    return True if word in _YES else False if word in _NO else None


def _texts(text: str) -> list[str]:
    return [part for part in text.replace(",", "、").replace("，", "、").split("、") if part]


_READERS: Mapping[str, Callable[[str], Any]] = {"integer": _integer, "boolean": _boolean, "texts": _texts}
