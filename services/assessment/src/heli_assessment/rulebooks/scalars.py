"""The scalars of the language of rulebooks: exact decimals, days and names, each refused with a reason."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StringConstraints,
    WithJsonSchema,
    model_serializer,
)
from pydantic_core import PydanticCustomError

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?")


def _decimal(places: int, least: int, most: int) -> Callable[[Any], Decimal]:
    def read(value: Any) -> Decimal:
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise PydanticCustomError("decimal_form", "must be a decimal")
        if not least <= value <= most:
            raise PydanticCustomError("decimal_range", "must be from {least} to {most}", {"least": least, "most": most})
        if value != round(value, places):
            raise PydanticCustomError("decimal_places", "at most {places} decimals", {"places": places})
        return value

    return read


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise PydanticCustomError("count_form", "must be a whole number")
    return int(value)


def _date(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date_form", "must be a date")


def _canonical(number: Decimal) -> str:
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _number(places: int, least: int, most: int, *, above: bool = False) -> tuple[Any, ...]:
    """Return what makes a Decimal exact, bounded, and told in JSON Schema as a number or as its text."""
    bound = {"exclusiveMinimum" if above else "minimum": least, "maximum": most}
    text = {"type": "string", "pattern": f"^{'-?' if least < 0 else ''}[0-9]+([.][0-9]{{1,{places}}})?$"}
    told = WithJsonSchema({"anyOf": [{"type": "number", **bound}, text]})
    rule = (Field(gt=least),) if above else ()
    return (BeforeValidator(_decimal(places, least, most)), *rule, PlainSerializer(_canonical, return_type=str), told)


Points = Annotated[Decimal, *_number(2, 0, 1000)]
PositivePoints = Annotated[Decimal, *_number(2, 0, 1000, above=True)]
SignedPoints = Annotated[Decimal, *_number(2, -1000, 1000)]
Total = Annotated[Decimal, *_number(2, -100_000, 100_000)]
Value = Annotated[Decimal, *_number(4, 0, 1_000_000_000)]
SignedValue = Annotated[Decimal, *_number(4, -100_000, 1_000_000_000)]
PositiveValue = Annotated[Decimal, *_number(4, 0, 1_000_000_000, above=True)]
Share = Annotated[Decimal, *_number(4, 0, 1, above=True)]
Weight = Annotated[Decimal, *_number(2, 0, 100, above=True)]
Count = Annotated[int, BeforeValidator(_count)]
Day = Annotated[date, BeforeValidator(_date)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
MeasureId = Annotated[
    str,
    StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,63}|score:[a-z0-9][a-z0-9-]{0,63}|mark\.[a-z0-9][a-z0-9-]{0,63})$"),
]
Key = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z][a-z0-9_]{0,63}(:[a-z0-9][a-z0-9-]{0,63}(\.[a-z0-9][a-z0-9-]{0,63})?)?(@[a-z0-9]{2,4})?$"
    ),
]
Clause = Annotated[str, StringConstraints(max_length=100)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(max_length=1000)]


class Model(BaseModel):
    """What every piece of the language shares: nothing unknown, nothing coerced, nothing changed.

    `later` names what the language got after its first edition: unused, it is left out of the canonical text, so that
    the digest of an earlier book stays what it was.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    later: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _canonical(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = handler(self)
        fields = type(self).model_fields
        unused = {
            name for name in self.later if getattr(self, name) == fields[name].get_default(call_default_factory=True)
        }
        return {name: value for name, value in told.items() if name not in unused}
