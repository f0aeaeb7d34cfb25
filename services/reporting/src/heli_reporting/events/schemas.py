"""What an event tells."""

from pydantic import Field

from heli_reporting.passports import KnownAtShown, Shown, Source


class NewsShown(Shown):
    """How far the copy of each source goes now; whoever shows figures asks for them again."""

    id: str = Field(examples=["1200-340-5f2c91ab"])
    known_at: KnownAtShown
    stale: bool
    sources: list[Source]
