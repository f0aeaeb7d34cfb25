"""What every command opens: the console it prints on, the running services, a day that is not to come."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from heli_cli.refusals import Refusal

if TYPE_CHECKING:
    from rich.console import Console

    from heli_cli.client import Heli


def open_console() -> "Console":
    """Return the terminal; numbers and names are printed as they are."""
    from rich.console import Console

    return Console(highlight=False)


def open_heli() -> "Heli":
    """Return a client of the running services, signed in as the settings say."""
    from heli_cli.client import Heli
    from heli_cli.settings import read_settings
    from heli_cli.tokens import token_source

    settings = read_settings()
    return Heli(settings, token=token_source(settings))


def past_day(given: datetime | None) -> date:
    """Return the day that was given, or today; Refusal of a day to come."""
    from heli_shared.kernel.clock import SystemClock

    today = SystemClock().today()
    day = given.date() if given else today
    if day > today:
        raise Refusal(f"日期 {day} 在将来。", f"The day {day} lies in the future.", code=2)
    return day
