"""What targets answer, for the document."""

from datetime import date

from heli_reporting.passports import FullPassport, Shown
from heli_reporting.statistics.schemas import CellShown, GroupShown


class TargetShown(Shown):
    """A target with its figure: `distance` is what is missing, null without a figure; `days_left` until the day."""

    id: str
    unit: GroupShown
    measure: str
    name: str
    target: str | int
    figure: CellShown
    distance: str | int | None
    is_reached: bool | None
    due_on: date
    days_left: int
    document: str


class TargetsShown(Shown):
    """The targets of a day, the next due first."""

    rows: list[TargetShown]
    filters: dict[str, list[str]]
    passport: FullPassport
