"""What calendar links take and answer."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from heli_reporting.calendar_links.domain import DEFAULT_DAYS, MAX_DAYS
from heli_reporting.passports import Shown


class NewCalendarLink(BaseModel):
    """For how long a link is to hold."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(default=DEFAULT_DAYS, ge=1, le=MAX_DAYS, strict=True, description="Days until the link ends")


class CalendarLinkShown(Shown):
    """A link, without its secret."""

    id: str = Field(examples=["cal-01j1"])
    unit: str
    principal: str = Field(description="Whose link it is: what they may see is what it shows")
    status: Literal["active", "expired", "revoked"]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None


class CalendarLinkMade(CalendarLinkShown):
    """A new link with its address, told this once."""

    url: str = Field(examples=["https://heli.example/reporting/v1/calendars/….ics"])


class CalendarLinkPage(Shown):
    """Links, newest first."""

    items: list[CalendarLinkShown]
    next: str | None
    total: int
