"""Pydantic models of a kind of record, made from its declaration: new, change, shown, page and history."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    create_model,
)
from pydantic_core import PydanticCustomError

from heli_shared.records.kinds import Field as RecordField
from heli_shared.records.kinds import RecordKind

SINGLE_LINE = r"^[^\x00-\x1f\x7f]*$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,4})?")
FIRST_DAY = date(1900, 1, 1)


def parse_day(value: Any) -> date:
    """Return an ISO date of 1900 or later; anything else is refused, what is written well by what is wrong with it."""
    if type(value) is date:
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("date_form", "not an ISO date")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("date_none", "no day of the calendar") from None
    if day < FIRST_DAY:
        raise PydanticCustomError("date_early", "too early", {"first": FIRST_DAY.isoformat()})
    return day


def _parse_decimal(value: Any) -> str:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise PydanticCustomError("decimal_form", "not a decimal as text")
    return format(Decimal(value), "f")


Day = Annotated[
    date, BeforeValidator(parse_day, json_schema_input_type=str), Field(json_schema_extra={"format": "date"})
]
DecimalText = Annotated[
    str,
    BeforeValidator(_parse_decimal),
    Field(json_schema_extra={"pattern": r"^-?\d{1,15}(\.\d{1,4})?$"}),
]


class Strict(BaseModel):
    """A body that takes only the fields it names."""

    model_config = ConfigDict(extra="forbid")


class Closing(Strict):
    """Why and from when a record is closed."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)] = Field(
        description="Why, in words somebody will understand in a year", examples=["注销登记"]
    )
    effective_on: Day | None = Field(default=None, description="From which day; today when not given, never later")


class Reopening(Strict):
    """From when a closed record is open again."""

    effective_on: Day | None = Field(default=None, description="From which day; today when not given, never later")


class ValueChange(BaseModel):
    """One field's value before and after an entry."""

    field: str
    before: Any
    after: Any


class HistoryLine(BaseModel):
    """One entry of a record's history, with what it changed."""

    seq: int
    recorded_at: str
    actor: str
    unit: str | None
    operation: Literal["create", "change", "close", "reopen", "erase"]
    effective_on: date
    changes: list[ValueChange]
    hash: str


class History(BaseModel):
    """All entries of a record in the order in which they were written."""

    items: list[HistoryLine]


def input_type(field: RecordField) -> Any:
    """Return the type that a body must have for a field."""
    if field.choices and field.type == "text":
        return Literal[field.choices]
    item: Any = Literal[field.choices] if field.choices else Annotated[str, StringConstraints(max_length=200)]
    types: dict[str, Any] = {
        "text": Annotated[
            str,
            StringConstraints(strip_whitespace=True, min_length=1, max_length=field.max_length, pattern=SINGLE_LINE),
        ],
        "integer": Annotated[StrictInt, Field(ge=field.minimum, le=field.maximum)],
        "decimal": DecimalText,
        "boolean": StrictBool,
        "date": Day,
        "texts": Annotated[list[item], Field(max_length=20)],
    }
    return types[field.type]


def output_type(field: RecordField) -> Any:
    """Return the type under which a field is shown."""
    if field.choices and field.type == "text":
        return Literal[field.choices]
    return {"text": str, "integer": int, "decimal": str, "boolean": bool, "date": date, "texts": list[str]}[field.type]


def _described(field: RecordField, **more: Any) -> Any:
    examples = [field.example] if field.example is not None else None
    return Field(description=f"{field.zh}. {field.en}".strip(), examples=examples, **more)


_EFFECTIVE = (
    Day | None,
    Field(default=None, description="From which day it holds; today when not given, never later"),
)


@dataclass(frozen=True, slots=True)
class RecordModels:
    """The models of one kind: a new record, a change, its closing, a record as shown, and a page of them."""

    new: type[BaseModel]
    change: type[BaseModel]
    closing: type[BaseModel]
    shown: type[BaseModel]
    page: type[BaseModel]


@dataclass(frozen=True, slots=True, eq=False)
class PrivateFields:
    """Fields beside the ledger's, as pydantic field definitions: taken in when new, when changed, and as shown."""

    new: dict[str, Any] = dataclass_field(default_factory=dict)
    change: dict[str, Any] = dataclass_field(default_factory=dict)
    shown: dict[str, Any] = dataclass_field(default_factory=dict)


@cache
def models_of(kind: RecordKind, private: PrivateFields | None = None) -> RecordModels:
    """Return the models of a kind, named after its entity; `private` fields stand beside its own.

    The same declaration gives the same models, so that every route of a kind speaks of one shape.
    """
    private = private or PrivateFields()
    name = "".join(part.title() for part in kind.entity.split("_"))
    shown = _model(name, None, {**_shown_fields(kind), **private.shown})
    page: dict[str, Any] = {"items": (list[shown], ...), "next": (str | None, ...), "total": (int, ...)}  # type: ignore[valid-type]
    return RecordModels(
        new=_model(f"New{name}", Strict, {**_new_fields(kind), **private.new, "effective_on": _EFFECTIVE}),
        change=_model(f"{name}Change", Strict, {**_change_fields(kind), **private.change, "effective_on": _EFFECTIVE}),
        closing=_closing(kind, name),
        shown=shown,
        page=_model(f"{name}Page", None, page),
    )


def _closing(kind: RecordKind, name: str) -> type[BaseModel]:
    """Return what the closing of a record takes: the reason and, where the kind has some, its own closing fields."""
    own = [kind.by_name[each] for each in kind.closing_fields]
    fields: dict[str, Any] = {each.name: (input_type(each) | None, _described(each, default=None)) for each in own}
    return _model(f"{name}Closing", Closing, fields) if own else Closing


def _model(name: str, base: type[BaseModel] | None, fields: dict[str, Any]) -> type[BaseModel]:
    return create_model(name, __base__=base, **fields)


def _new_fields(kind: RecordKind) -> dict[str, Any]:
    key_type = Annotated[str, StringConstraints(pattern=kind.key_pattern)]
    key: Any = (
        (key_type, Field(description="Key", examples=[kind.key_example]))
        if kind.prefix is None
        else (key_type | None, Field(default=None, description="Key; made by the service when not given"))
    )
    fields: dict[str, Any] = {
        field.name: (input_type(field), _described(field))
        if field.required
        else (input_type(field) | None, _described(field, default=None))
        for field in kind.fields
    }
    return {kind.key: key, **fields}


def _change_fields(kind: RecordKind) -> dict[str, Any]:
    # A required field may stay out of a change, but it can never be cleared.
    return {
        field.name: (
            input_type(field) if field.required else input_type(field) | None,
            _described(field, default=None),
        )
        for field in kind.fields
    }


def shown_fields(fields: Iterable[RecordField]) -> dict[str, Any]:
    """Return fields as pydantic field definitions, as they are shown: those that may be missing may be null."""
    return {
        field.name: (
            output_type(field) if field.required or field.name == "state" else output_type(field) | None,
            _described(field),
        )
        for field in fields
    }


def _shown_fields(kind: RecordKind) -> dict[str, Any]:
    fields = shown_fields(kind.all_fields)
    version = (int, Field(description="Seq of the last entry; the ETag is this number in quotes"))
    return {kind.key: (str, Field(description="Key")), **fields, "version": version}
