"""What is asked of the history and what it answers: queries, cells, rows, gaps and the state of the copy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from heli_shared.kernel.access import Scope
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import ZERO_DENOMINATOR, share

SOURCES = ("registry", "assessment")
SOURCES_ZH = {"registry": "登记服务", "assessment": "考核服务"}
FOREVER = date(9999, 12, 31)
EVERYTHING = Scope(everything=True)

Part = Literal["numerator", "denominator", "gap", "excluded", "all"]


@dataclass(frozen=True, slots=True)
class KnownAt:
    """How far the answer knows each ledger, as the last seq that counts; None means: up to the head of the copy."""

    registry: int | None = None
    assessment: int | None = None


@dataclass(frozen=True, slots=True)
class SourceHead:
    """How far the copy has followed one ledger.

    `appended` is the last seq held, `seq` the last one that answers include (they differ only until the next
    refresh); `recorded_at` is when entry `seq` was recorded at its source (None while nothing is held).
    """

    source: str
    epoch: str | None
    seq: int
    appended: int
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Query:
    """What to count: which day, as known when, of which rows, for whom.

    `filters` maps a name of `heli_shared.statistics.dimensions.FILTERS` to values: any of the values, all of the
    filters. `division` takes in the subtree as it stood on the day, `industry` a section, division or class; the
    value `unknown` asks for rows without one. `scope` is the caller's and is applied to every row that is counted or
    listed.

    `structure_of` is a day not before `on`: each row then stands where the structure of that day puts its place, for
    groups, filters and scope alike. None is the structure of `on` itself.
    """

    on: date
    known_at: KnownAt = KnownAt()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scope: Scope = EVERYTHING
    structure_of: date | None = None

    @property
    def structure_on(self) -> date:
        """Return the day whose structure places and names the rows."""
        return self.on if self.structure_of is None else self.structure_of


@dataclass(frozen=True, slots=True)
class Group:
    """The value of one dimension in a row: its code, None where there is none, and its names on the day."""

    code: str | None
    zh: str | None
    en: str | None


def line_order(dimensions: Sequence[Dimension]) -> Callable[[Sequence[str | None]], list[tuple[bool, int, str]]]:
    """Return the key that lines are sorted by: their codes in turn, as the dimension lists them, unknown last.

    A dimension without a list of its own is sorted by code.
    """
    places = [{code: place for place, (code, _, _) in enumerate(each.labels)} for each in dimensions]

    def key(codes: Sequence[str | None]) -> list[tuple[bool, int, str]]:
        return [
            (code is None, listed.get(code or "", len(listed)), code or "")
            for listed, code in zip(places, codes, strict=True)
        ]

    return key


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: a share's numerator and denominator, or a count (denominator None)."""

    numerator: int
    denominator: int | None

    @property
    def value(self) -> Decimal | int | None:
        """Return the share with 4 places rounded half up (None when the denominator is 0), or the count."""
        return self.numerator if self.denominator is None else share(self.numerator, self.denominator)

    @property
    def reason(self) -> str | None:
        """Say why there is no value: `zero_denominator`, or None when there is one."""
        return ZERO_DENOMINATOR if self.denominator == 0 else None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One line of an aggregate: its groups in the order of `by`, its cells by measure id."""

    groups: tuple[Group, ...]
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The lines, their total (each row counted once) and the head that was read, `known_at` filled in."""

    rows: list[GroupRow]
    total: Mapping[str, Cell]
    known_at: KnownAt


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One line of a series: its groups, and for each measure a cell a day."""

    groups: tuple[Group, ...]
    cells: Mapping[str, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Series:
    """The lines of a series, their totals a day, and what was known."""

    rows: list[SeriesRow]
    total: Mapping[str, tuple[Cell, ...]]
    known_at: KnownAt


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some of the rows behind a number; `next` continues (None at the end), `total` is how many rows the part has.

    Items are dicts. Enterprises: uscc, name, division, zone, unit (each {code, name} or None), industry, size_class,
    ownership, staff, full_members, probationary_members, organization_cover, reached (bool), state, in_numerator,
    in_denominator, reason (why it is not in the denominator, else None), because (why it is in or not), decided (the
    entry that decided, as dict, or None). Organisations: id, name, kind, division, zone, secretary_kind,
    secretary_post, premises, setup_form, affiliation_kind, elected_on, election_due_on, every number of `sums.SUMMED`
    (members, enterprises it covers, what it tells of its members and workers), state, in_numerator, in_denominator,
    reason, because, decided.
    """

    items: list[dict[str, Any]]
    next: str | None
    total: int
    known_at: KnownAt


@dataclass(frozen=True, slots=True)
class Accounted:
    """What became of the records of a query: each is in one part for one reason, so both add up to `records`.

    `parts` counts by numerator, gap and excluded, `reasons` by the reason for being in the denominator or not.
    """

    records: int
    parts: Mapping[str, int]
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Accounts:
    """The account of a denominator: by line, in total, and what was known."""

    rows: list[tuple[tuple[Group, ...], Accounted]]
    total: Accounted
    known_at: KnownAt


@dataclass(frozen=True, slots=True)
class CauseCount:
    """What one cause adds to numerator and denominator, through how many parts; `reason` says more, or is None."""

    cause: str
    reason: str | None
    numerator: int
    denominator: int
    records: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A line of a change: the cell before, the cell after, and the causes that add up to the difference."""

    groups: tuple[Group, ...]
    before: Cell
    after: Cell
    causes: Sequence[CauseCount]


@dataclass(frozen=True, slots=True)
class Change:
    """The lines of a change, its total, and how far the earlier and the later answer know each source."""

    rows: list[ChangeLine]
    total: ChangeLine
    from_known_at: KnownAt
    known_at: KnownAt


@dataclass(frozen=True, slots=True)
class PartPage:
    """Some parts of a change: uscc or id, name, groups, cause, reason, and what each adds; `next` continues."""

    items: list[dict[str, Any]]
    next: tuple[str, int] | None
    total: int
    from_known_at: KnownAt
    known_at: KnownAt


@dataclass(frozen=True, slots=True)
class Cause:
    """What stands in the way, a key of `heli_shared.statistics.reasons.CAUSES`, and since when without a break."""

    code: str
    since: date


@dataclass(frozen=True, slots=True)
class Gap:
    """An enterprise that should have what the measure asks for and has not, since when and why.

    `since` is the first day of the unbroken run of days in which the condition was met and the thing was missing,
    `days_overdue` the days from then to the day asked for; `began` is a key of
    `heli_shared.statistics.reasons.BEGINNINGS`; `causes` hold on the day, in the order of `CAUSES`, at least one.
    """

    uscc: str
    name: str | None
    division: Group | None
    zone: Group | None
    unit: Group | None
    full_members: int | None
    probationary_members: int | None
    staff: int | None
    reached: bool
    since: date
    days_overdue: int
    began: str
    causes: tuple[Cause, ...]

    @property
    def on(self) -> date:
        """Return the day asked for."""
        return self.since + timedelta(days=self.days_overdue)


@dataclass(frozen=True, slots=True)
class GapPage:
    """Some gaps, the longest overdue first; `next` continues, `total` is how many there are."""

    items: list[Gap]
    next: str | None
    total: int
    known_at: KnownAt


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: entries taken in, enterprises and organisations computed, whether all was rebuilt."""

    entries: int
    enterprises: int
    organizations: int
    rebuilt: bool
