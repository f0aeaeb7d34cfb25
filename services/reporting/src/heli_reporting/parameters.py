"""Query parameters that every question shares: day, knowledge, filters, pages; checked before anything is asked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import PlainValidator, StringConstraints

from heli_reporting.days import WORDS, DayWord, day_of
from heli_reporting.history.domain import KnownAt
from heli_shared.kernel.divisions import padded
from heli_shared.kernel.errors import BadRequest, FieldProblem, InvalidInput
from heli_shared.kernel.pages import MAX_LIMIT
from heli_shared.records.models import SINGLE_LINE, Day, parse_day
from heli_shared.statistics.dimensions import (
    AFFILIATION_KINDS,
    AT,
    COVERS,
    KINDS,
    OWNERSHIPS,
    PREMISES,
    SECRETARIES,
    SECRETARY_POSTS,
    SIZES,
    UNKNOWN,
    dimension_without,
    is_unknown,
)

MAX_VALUES = 100
_LIMIT_TEXT = 100
_KNOWN_AT = re.compile(r"(?:(registry|assessment):)?([0-9]{1,15})")
_INDUSTRY = re.compile(r"[A-Z]?[0-9]{0,4}")
_WORDS = {
    "size": SIZES,
    "ownership": OWNERSHIPS,
    "organization_cover": COVERS,
    "kind": KINDS,
    "secretary_kind": SECRETARIES,
    "secretary_post": SECRETARY_POSTS,
    "premises": PREMISES,
    "setup_form": COVERS[:-1],
    "affiliation_kind": AFFILIATION_KINDS,
}

Value = Annotated[str, StringConstraints(min_length=1, max_length=_LIMIT_TEXT, pattern=SINGLE_LINE)]


def _told_day(value: object) -> object:
    return value if value in WORDS else parse_day(value)


ToldDay = Annotated[date | DayWord, PlainValidator(_told_day, json_schema_input_type=DayWord | Day)]
On = Annotated[
    ToldDay | None,
    Query(
        description="As things stood on this day, or one told in a word from today; today by default",
        examples=["2026-06-30"],
    ),
]
Breaks = Annotated[
    Literal["refuse", "show"],
    Query(description="When a definition changes between the days: refuse to put them side by side, or mark where"),
]
Known = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^((registry|assessment):)?[0-9]{1,15}$")]] | None,
    Query(
        max_length=2,
        description="As was known when a ledger ended with this seq: `1200` (registry) or `assessment:340`",
        examples=[["registry:1200"]],
    ),
]
Strict = Annotated[
    Literal["0", "1", "false", "true"], Query(description="1 refuses with 503 when a source is not up to date")
]
Structure = Annotated[
    Literal["then", "now"],
    Query(description="Place rows in the structure of the day, or of today: merged and split places are followed"),
]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most items on the page")]
PageCursor = Annotated[str | None, Query(max_length=1_000, description="`next` of the page before")]


def _values(zh: str, example: str | None = None, *, is_tree: bool = False) -> object:
    at_level = f", `{UNKNOWN}:{example}` for none there" if example else ""
    at_level += f", `{AT}` before a node for what stands at it alone" if is_tree else ""
    return Query(max_length=MAX_VALUES, description=f"{zh}; repeat for any of several, `{UNKNOWN}` for none{at_level}")


Filters = dict[str, tuple[str, ...]]


def read_filters(  # noqa: PLR0913 - each is a query parameter
    *,
    division: Annotated[list[Value] | None, _values("行政区划代码，含下级", "village")] = None,
    zone: Annotated[list[Value] | None, _values("园区楼宇")] = None,
    industry: Annotated[list[Value] | None, _values("行业门类、大类或小类", "class")] = None,
    size: Annotated[list[Value] | None, _values("企业规模")] = None,
    ownership: Annotated[list[Value] | None, _values("所有制")] = None,
    unit: Annotated[list[Value] | None, _values("责任单位")] = None,
    organization_cover: Annotated[list[Value] | None, _values("组织覆盖")] = None,
    sector: Annotated[list[Value] | None, _values("行业归口，含下级", "2", is_tree=True)] = None,
    affiliation: Annotated[list[Value] | None, _values("隶属的党组织或机构，含下级", "3", is_tree=True)] = None,
    kind: Annotated[list[Value] | None, _values("党组织类别")] = None,
    secretary_kind: Annotated[list[Value] | None, _values("书记来源")] = None,
    secretary_post: Annotated[list[Value] | None, _values("书记专兼职")] = None,
    premises: Annotated[list[Value] | None, _values("活动场所")] = None,
    setup_form: Annotated[list[Value] | None, _values("组建方式")] = None,
    affiliation_kind: Annotated[list[Value] | None, _values("隶属类别")] = None,
) -> Filters:
    """Return the filters that were given, checked and in one spelling."""
    given = {
        "division": division,
        "zone": zone,
        "industry": industry,
        "size": size,
        "ownership": ownership,
        "unit": unit,
        "organization_cover": organization_cover,
        "sector": sector,
        "affiliation": affiliation,
        "kind": kind,
        "secretary_kind": secretary_kind,
        "secretary_post": secretary_post,
        "premises": premises,
        "setup_form": setup_form,
        "affiliation_kind": affiliation_kind,
    }
    return checked_filters({name: values for name, values in given.items() if values})


GivenFilters = Annotated[Filters, Depends(read_filters)]


@dataclass(frozen=True, slots=True)
class When:
    """Which day is asked for, as known when, and whether an old copy will do."""

    on: date | DayWord | None
    known_at: KnownAt
    is_strict: bool

    def day(self, today: date) -> date:
        """Return the day asked for; one to come is refused, because nobody knows it."""
        return past_day("on", self.on or today, today=today)


def past_day(name: str, told: date | DayWord, *, today: date, reference: date | None = None) -> date:
    """Return the day that a parameter tells, in a word from the reference (today); one to come is refused."""
    day = day_of(told, reference or today)
    if day > today:
        raise InvalidInput(
            f"日期 {day} 晚于今天 {today}：只能统计已经过去的日子。",
            f"The day {day} lies after today, {today}: only what has happened can be counted.",
            errors=[FieldProblem(f"parameter {name}", "不能晚于今天", "must not lie after today")],
        )
    return day


@dataclass(frozen=True, slots=True)
class Knowing:
    """As known when a question is asked whose days are told otherwise, and whether an old copy will do."""

    known_at: KnownAt
    is_strict: bool


def read_knowing(known_at: Known = None, strict: Strict = "0") -> Knowing:
    """Return the knowledge and the strictness that were asked for."""
    return Knowing(parsed_known_at(known_at or []), strict in {"1", "true"})


GivenKnowing = Annotated[Knowing, Depends(read_knowing)]


def read_when(on: On = None, known_at: Known = None, strict: Strict = "0") -> When:
    """Return the day, the knowledge and the strictness that were asked for."""
    return When(on, parsed_known_at(known_at or []), strict in {"1", "true"})


GivenWhen = Annotated[When, Depends(read_when)]


def parsed_known_at(texts: Sequence[str]) -> KnownAt:
    """Return how far each ledger is to be known; a number alone means registry's."""
    found: dict[str, int] = {}
    for text in texts:
        match = _KNOWN_AT.fullmatch(text)
        if match is None or (match[1] or "registry") in found:
            raise BadRequest(
                "known_at 应为流水号，如 1200 或 assessment:340，每个来源一次。",
                "known_at must be a seq such as 1200 or assessment:340, once for each source.",
                errors=[FieldProblem("parameter known_at", "格式有误", "is not valid")],
            )
        found[match[1] or "registry"] = int(match[2])
    return KnownAt(**found)


def checked_filters(given: Mapping[str, Iterable[str]]) -> Filters:
    """Return filters with sorted values in one spelling; BadRequest for values that can never match."""
    return {name: tuple(sorted({_spelled(name, value) for value in values})) for name, values in given.items()}


def _spelled(name: str, value: str) -> str:
    if value == UNKNOWN:
        return value
    if is_unknown(value):
        return dimension_without(name, value).unknown
    if name == "division":
        try:
            return padded(value)
        except ValueError:
            raise _no_such(name, "应为2、4、6、9或12位代码", "must be a code of 2, 4, 6, 9 or 12 digits") from None
    if name == "industry" and not _INDUSTRY.fullmatch(value):
        raise _no_such(name, "应为行业代码，如 C、C13 或 C1311", "must be a code such as C, C13 or C1311")
    words = [code for code, _zh, _en in _WORDS.get(name, ())]
    if words and value not in words:
        listed = ", ".join(words)
        raise _no_such(name, f"应为以下之一：{listed}", f"must be one of {listed}")
    return value


def _no_such(name: str, zh: str, en: str) -> BadRequest:
    return BadRequest(
        f"筛选条件 {name} {zh}。",
        f"The filter {name} {en}.",
        errors=[FieldProblem(f"parameter {name}", zh, en)],
    )
