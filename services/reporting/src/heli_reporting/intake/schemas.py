"""What intake answers: the freshness of the sources, and what a sync brought."""

from typing import Literal

from pydantic import Field

from heli_reporting.passports import Shown, Source


class SourcesShown(Shown):
    """The sources, how far the copy follows them, and how fresh it is."""

    items: list[Source]
    stale: bool


class TakenShown(Source):
    """A source after a sync, with what was taken from it and by which way."""

    mode: Literal["bulk", "feed", "none"]
    taken: int = Field(description="Entries that were new")


class SyncShown(Shown):
    """What a sync brought from each source, and what was computed anew."""

    sources: list[TakenShown]
    stale: bool
    enterprises: int = Field(description="Enterprises whose facts were computed anew")
    organizations: int
    rebuilt: bool
    seconds: float
