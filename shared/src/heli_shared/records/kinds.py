"""Kinds of record, declared once: their fields make the table, the API's models, the exports and the imports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from heli_shared.db.types import KEY_TEXT, JsonText

FieldType = Literal["text", "integer", "decimal", "boolean", "date", "texts"]

_COLUMN_TYPES: dict[FieldType, Any] = {
    "text": sa.Text,
    "integer": sa.BigInteger,
    "decimal": sa.Text,  # decimals keep every digit as text in both databases
    "boolean": sa.Boolean,
    "date": sa.Date,
    "texts": JsonText,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind; `zh` and `en` are its label and meaning, `references` the entity its value names."""

    name: str
    type: FieldType
    zh: str
    en: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    max_length: int = 400
    minimum: int = 0
    maximum: int = 1_000_000_000
    references: str | None = None
    filtered: bool = False
    example: Any = None


_KINDS = "heli.kinds"
BEGINNING = date(1949, 10, 1)
"""The day from which places and bodies hold when nobody says since when they exist."""

STATE_FIELDS = (
    Field("state", "text", "状态", "open, or closed with a reason", choices=("open", "closed"), filtered=True),
    Field("closed_on", "date", "关闭日期", "the day on which the last close took effect"),
    Field("closed_reason", "text", "关闭原因", "why it was closed", max_length=1_000),
)


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Further columns of a name index, by which alike records are found.

    `of` makes them from a record's `fields` and the searchable text of its name.
    """

    columns: tuple[str, ...]
    fields: tuple[str, ...]
    of: Callable[[Mapping[str, Any], str], tuple[str | None, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class NameIndex:
    """Where a kind's names are looked up: `entries` has a row for each record, `tokens` says which records hold what.

    It is made of the record's `fields`, `field` is the name among them. The id of an entry is the seq of the record's
    creation.
    """

    field: str
    entries: sa.Table
    tokens: sa.Table
    fields: tuple[str, ...]
    matching: Matching | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of an entry, in order."""
        return ("id", "key", "text", *(self.matching.columns if self.matching else ()))


@dataclass(frozen=True, slots=True, eq=False)
class RecordKind:
    """A kind of record: `entity` in the ledger, `plural` in paths, `key` the name of its key column.

    `prefix` starts generated keys; without one the caller names the key (a credit code, a division code).
    `effective_from` is the date field from which a new record takes effect when the caller names no day; a kind that
    `is_lasting` (places and bodies) then holds since `BEGINNING`. `closing_fields` are own fields that may be given
    when a record is closed (a document, who approved it).
    """

    entity: str
    plural: str
    zh: str
    key: str
    fields: tuple[Field, ...]
    table: sa.Table
    prefix: str | None = None
    key_pattern: str = r"^[A-Za-z0-9_-]{1,64}$"
    key_example: str = ""
    effective_from: str | None = None
    is_lasting: bool = False
    closing_fields: tuple[str, ...] = ()
    by_name: Mapping[str, Field] = field(default_factory=dict)
    index: NameIndex | None = None

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """Return the declared fields and those every record has (state and how it was closed)."""
        return (*self.fields, *STATE_FIELDS)

    @property
    def shown_names(self) -> tuple[str, ...]:
        """Return the names that the API and exports show, in order: key, fields, version."""
        return (self.key, *(each.name for each in self.all_fields), "version")

    @property
    def noun(self) -> str:
        """Return the plural as part of a function's name."""
        return self.plural.replace("-", "_")


def record_kind(  # noqa: PLR0913 - a declaration, always called by name
    metadata: sa.MetaData,
    *,
    entity: str,
    plural: str,
    zh: str,
    key: str = "id",
    fields: tuple[Field, ...],
    private_columns: tuple[sa.Column[Any], ...] = (),
    foreign_keys: Mapping[str, str] | None = None,
    prefix: str | None = None,
    key_pattern: str = r"^[A-Za-z0-9_-]{1,64}$",
    key_example: str = "",
    effective_from: str | None = None,
    is_lasting: bool = False,
    closing_fields: tuple[str, ...] = (),
    searched: str | None = None,
    matching: Matching | None = None,
) -> RecordKind:
    """Declare a kind and its table of current rows.

    `private_columns` live in the table alone, never in the ledger (names, phones, secrets); `foreign_keys` maps a
    field to `table.column`. A kind that is `searched` by a text field has an index of it, written with its rows.
    """
    named = {each.name: each for each in (*fields, *STATE_FIELDS)}
    table = sa.Table(
        plural.replace("-", "_"),
        metadata,
        sa.Column(key, KEY_TEXT, primary_key=True),
        *(_column(each, (foreign_keys or {}).get(each.name)) for each in (*fields, *STATE_FIELDS)),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("last_effective_on", sa.Date, nullable=False),
        *private_columns,
        sa.CheckConstraint("state IN ('open', 'closed')", name="state"),
    )
    for each in fields:
        if each.references or each.filtered:
            sa.Index(f"ix_{table.name}_{each.name}", table.c[each.name])
    kind = RecordKind(
        entity,
        plural,
        zh,
        key,
        fields,
        table,
        prefix=prefix,
        key_pattern=key_pattern,
        key_example=key_example,
        effective_from=effective_from,
        is_lasting=is_lasting,
        closing_fields=closing_fields,
        by_name=named,
        index=_name_index(metadata, table.name, searched, matching) if searched else None,
    )
    metadata.info.setdefault(_KINDS, {})[entity] = kind
    return kind


def kinds_of(metadata: sa.MetaData) -> Mapping[str, RecordKind]:
    """Return every kind that was declared in a metadata, by entity."""
    found: Mapping[str, RecordKind] = metadata.info.get(_KINDS, {})
    return found


def _name_index(metadata: sa.MetaData, table: str, searched: str, matching: Matching | None) -> NameIndex:
    entries = sa.Table(
        f"{table}_search",
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", KEY_TEXT, nullable=False, unique=True),
        sa.Column("text", KEY_TEXT, nullable=False, index=True),
        *(sa.Column(name, KEY_TEXT) for name in (matching.columns if matching else ())),
    )
    tokens = sa.Table(
        f"{table}_tokens",
        metadata,
        sa.Column("token", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("written", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("ids", sa.Text, nullable=False),
    )
    fields = tuple(dict.fromkeys((searched, *(matching.fields if matching else ()))))
    return NameIndex(searched, entries, tokens, fields, matching)


def _column(each: Field, foreign_key: str | None) -> sa.Column[Any]:
    arguments: list[Any] = [sa.ForeignKey(foreign_key)] if foreign_key else []
    return sa.Column(
        each.name, _COLUMN_TYPES[each.type], *arguments, nullable=not (each.required or each.name == "state")
    )


def column_value(each: Field, value: Any) -> Any:
    """Return a ledger's JSON value as the column holds it: dates as dates, everything else as it is."""
    if each.type == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return value
