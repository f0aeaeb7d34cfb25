"""The shelf: the last few surveys of a process, kept as long as nothing they rest on was written.

A survey is a function of the ledger up to its seq, so one taken from here is the one that would be made anew.
"""

from collections.abc import Callable
from datetime import date
from threading import Lock

from heli_registry.base_list.surveying import Survey

_MOST = 3
Place = tuple[str, str, date]
"""Of which ledger (its epoch), of which census, as of which day."""


class SurveyShelf:
    """Holds the surveys that were asked for last; thread-safe, and makes each only once at a time."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = Lock()
        self._held: list[tuple[Place, Survey]] = []

    def get(
        self, place: Place, known_at: int, *, is_untouched: Callable[[int], bool], make: Callable[[], Survey]
    ) -> Survey:
        """Return the survey known at a seq: one that is held, if nothing was written between the two, or a new one."""
        with self._lock:
            fitting = (
                survey
                for held, survey in reversed(self._held)
                if held == place and survey.known_at <= known_at and is_untouched(survey.known_at)
            )
            survey = next(fitting, None) or make()
            others = [each for each in self._held if each[1] is not survey]
            self._held = [*others, (place, survey)][-_MOST:]
            return survey
