"""What a route's query parameters may look like, read from their declaration: known, given once, numbers in digits."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from fastapi import params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from starlette.datastructures import QueryParams

from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.text import cut

_LISTS = (list, set, frozenset, tuple)
_PLAIN = {int: re.compile(r"(?!-0+$)-?[0-9]+"), float: re.compile(r"(?!-0+$)-?[0-9]+(\.[0-9]+)?")}
"""How numbers are written: Python would also read `1_0`, `+5`, ` 5`, `5.0` and digits of other scripts."""
_SAID = {
    int: ("应为整数，只用数字书写，如 20", "must be an integer in plain digits, such as 20"),
    float: ("应为数，只用数字书写，如 20 或 1.5", "must be a number in plain digits, such as 20 or 1.5"),
}


class QueryRules:
    """Which query parameters a route knows, which of them take several values, and which are numbers."""

    def __init__(self, dependant: Dependant) -> None:
        """Read the declarations of a route."""
        fields = [each for each in get_flat_params(dependant) if isinstance(each.field_info, params.Query)]
        declared = {each.alias: set(_types(each.field_info.annotation)) for each in fields}
        self.known = frozenset(declared)
        self._lists = frozenset(name for name, types in declared.items() if types.intersection(_LISTS))
        self._numbers = {name: kind for name, types in declared.items() for kind in _PLAIN if kind in types}

    def check_known(self, given: QueryParams) -> None:
        """Refuse parameters that the route does not know."""
        unknown = [name for name in given if name not in self.known]
        if unknown:
            listed = ", ".join(sorted(self.known)) or "–"
            said = ("没有这个参数", "is not a parameter here")
            raise BadRequest(
                f"有不认识的查询参数；可用的参数：{listed}。",
                f"There are unknown query parameters; known ones: {listed}.",
                errors=[FieldProblem(f"parameter {cut(name)}", *said) for name in unknown],
            )

    def check_given_once(self, given: QueryParams) -> None:
        """Refuse parameters of one value that are given several times: nobody could tell which was meant."""
        times = Counter(name for name, _value in given.multi_items())
        repeated = [name for name in times if times[name] > 1 and name in self.known - self._lists]
        if repeated:
            raise BadRequest(
                f"查询参数 {'、'.join(repeated)} 只能有一个值，请求中却给出了多次。",
                f"Query parameters of one value were given several times: {', '.join(repeated)}.",
                errors=[_repetition(name, times[name]) for name in repeated],
            )

    def check_numbers(self, given: QueryParams) -> None:
        """Refuse numbers that are not written in plain decimal digits."""
        sloppy = dict.fromkeys(
            name
            for name, value in given.multi_items()
            if name in self._numbers and not _PLAIN[self._numbers[name]].fullmatch(value)
        )
        if sloppy:
            listed = list(sloppy)
            raise BadRequest(
                f"查询参数 {'、'.join(listed)} 应为数，只用数字书写。",
                f"Query parameters that must be numbers in plain digits: {', '.join(listed)}.",
                errors=[FieldProblem(f"parameter {name}", *_SAID[self._numbers[name]]) for name in listed],
            )


def _repetition(name: str, times: int) -> FieldProblem:
    return FieldProblem(f"parameter {name}", f"只能给出一次，而给出了 {times} 次", f"takes one value, not {times}")


def _types(annotation: Any) -> Iterator[Any]:
    """Yield the types that an annotation is made of, lists among them."""
    origin = get_origin(annotation)
    if origin is Literal:
        return
    yield origin or annotation
    for part in get_args(annotation):
        yield from _types(part)
