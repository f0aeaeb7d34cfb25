"""What external series answer, for the document."""

from datetime import date

from heli_reporting.passports import Shown


class DefinitionShown(Shown):
    """What some of the values count, in which unit, and of what a share is one."""

    id: str
    name: str
    unit: str
    denominator: str | None


class ValueShown(Shown):
    """A published figure with its source; `is_confirmed` false: not read in the source itself."""

    on: date
    definition: str
    count: int | None
    share: str | None
    source: str
    is_confirmed: bool


class TurnShown(Shown):
    """From `on` the values are of another definition."""

    on: date
    before: str
    after: str


class NamedSeries(Shown):
    """A series of the catalogue with its definitions."""

    id: str
    name: str
    definitions: list[DefinitionShown]


class NamedSeriesList(Shown):
    """All external series."""

    items: list[NamedSeries]


class ExternalSeriesShown(NamedSeries):
    """The values asked for, and where they turn to another definition."""

    values: list[ValueShown]
    breaks: list[TurnShown]
