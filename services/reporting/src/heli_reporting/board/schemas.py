"""What the board answers."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from heli_reporting.gaps.schemas import GapShown, PlaceShown
from heli_reporting.passports import FullPassport, KnownAtShown, ScopeShown, Shown, Source
from heli_reporting.statistics.schemas import CellShown, ReadersShown, Row, Total
from heli_reporting.worklists.schemas import LineShown, NamedShown


class TargetShown(Shown):
    """What a number should reach, by which document, and how many more rows that takes.

    `since` for a norm, `due_on` for a target of the unit that answers for all that the caller sees.
    """

    value: str = Field(examples=["1.00"])
    since: date | None
    due_on: date | None
    basis: str
    missing: int


class CardShown(Shown):
    """One number with what was counted; `target` null where no document sets one."""

    measure: str
    name: str
    cell: CellShown
    target: TargetShown | None


class CardsShown(Shown):
    """The coverage and the counts of the caller's part of the county."""

    cards: list[CardShown]


class MeasureNamed(Shown):
    """A measure that a tile shows."""

    measure: str
    name: str


class GroupedShown(Shown):
    """Figures by township or by unit."""

    measures: list[MeasureNamed]
    rows: list[Row]
    total: Total


class PointShown(BaseModel):
    """A day with a cell for each measure under its id."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, CellShown]
    on: date


class TrendShown(Shown):
    """The last days of eleven months and the day itself, all as known now."""

    measures: list[MeasureNamed]
    points: list[PointShown]


class CycleNamed(Shown):
    """The cycle whose results were announced last."""

    title: str
    run: str | None
    counted_on: date
    stage: str


class DepartmentShown(Shown):
    """A department's announced result; `explanation` is where assessment tells it item by item."""

    rank: int | None
    unit: NamedShown
    score: str | None
    grade: str | None
    explanation: str | None


class RankingShown(Shown):
    """Departments by score (none before a cycle was announced), and units by the enterprises they answer for."""

    cycle: CycleNamed | None
    departments: list[DepartmentShown]
    units: GroupedShown


class GapListShown(Shown):
    """How many enterprises lack what a measure asks for, and those that have lacked it longest."""

    measure: str
    name: str
    total: int
    head: list[GapShown]


class GapListsShown(Shown):
    """The gap lists."""

    lists: list[GapListShown]


class KindCount(Shown):
    """How many lines there are of a kind."""

    kind: str
    name: str
    count: int


class WorklistHeadShown(Shown):
    """How much is due or overdue, by kind, and the most urgent lines."""

    total: int
    counts: list[KindCount]
    head: list[LineShown]


class StepShown(Shown):
    """How many enterprises a reason left out."""

    reason: str
    name: str
    count: int


class FunnelShown(Shown):
    """From everything registered to the base: registered = base + every step."""

    registered: int
    steps: list[StepShown]
    base: int


class _TileShown(Shown):
    title: str
    readers: ReadersShown
    passport: FullPassport


class CardsTile(_TileShown):
    """The tile of coverage cards."""

    tile: Literal["cards"]
    figures: CardsShown


class TownshipsTile(_TileShown):
    """The tile of townships."""

    tile: Literal["townships"]
    figures: GroupedShown


class TrendTile(_TileShown):
    """The tile of the last twelve months."""

    tile: Literal["trend"]
    figures: TrendShown


class RankingTile(_TileShown):
    """The tile of departments."""

    tile: Literal["ranking"]
    figures: RankingShown


class GapsTile(_TileShown):
    """The tile of gaps."""

    tile: Literal["gaps"]
    figures: GapListsShown


class WorklistTile(_TileShown):
    """The tile of what is due."""

    tile: Literal["worklist"]
    figures: WorklistHeadShown


class FunnelTile(_TileShown):
    """The tile of the base list."""

    tile: Literal["funnel"]
    figures: FunnelShown


TileShown = Annotated[
    CardsTile | TownshipsTile | TrendTile | RankingTile | GapsTile | WorklistTile | FunnelTile,
    Field(discriminator="tile"),
]
"""A tile as its permalink returns it."""


class Slot(Shown):
    """A tile's place on the board: `content` is null when the caller has it already."""

    tile: str = Field(examples=["cards"])
    etag: str = Field(examples=["cards.k3m7q2x9d4w6p8ra"])
    content: TileShown | None


class BoardShown(Shown):
    """The board: tiles in their order, for whom and how fresh."""

    on: date
    known_at: KnownAtShown
    stale: bool
    sources: list[Source]
    event: str = Field(
        description="Sent as `Last-Event-ID` to `/v1/events`, nothing that came in since this answer is missed",
        examples=["1200-340-5f2c91ab"],
    )
    scope: ScopeShown
    unit: str | None
    tiles: list[Slot]
    links: dict[str, Any] = Field(description="Routes that show more, where this service has them")


__all__ = ["BoardShown", "PlaceShown", "TileShown"]
