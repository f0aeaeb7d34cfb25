"""Which periods a bulletin can be written of."""

from datetime import date

from heli_reporting.periods import Period, day_in_words
from heli_shared.kernel.errors import FieldProblem, InvalidInput

CODE_PATTERN = r"^bul-[a-z2-7]{16}$"


def check_over(period: Period, *, today: date) -> None:
    """Refuse a period that has not come to its last day: nobody knows its figures."""
    if period.last > today:
        raise InvalidInput(
            f"{period.name}至{day_in_words(period.last)}才结束，今天是{day_in_words(today)}：只能通报已经过去的报告期。",
            f"{period.code} ends on {period.last}, today is {today}: only a period that is over can be reported on.",
            errors=[FieldProblem("parameter period", "尚未结束", "is not over yet")],
        )
