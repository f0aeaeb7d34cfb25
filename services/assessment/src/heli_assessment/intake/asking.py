"""Asking the registry for facts: what it refuses or cannot say becomes a clear refusal of ours."""

from collections.abc import Callable
from datetime import date

from heli_assessment.intake.domain import RegistryFacts, Wanted
from heli_shared.contracts.errors import PeerError, Refused
from heli_shared.kernel.errors import BadRequest, FieldProblem, InvalidInput

Pull = Callable[[date, int | None, Wanted], RegistryFacts]
"""Takes the day, the seq of the registry's ledger (None: its head), and what is wanted."""


class FactSource:
    """Pulls the facts of a day, once for one computation; `registry_down` makes the refusal when the registry is."""

    def __init__(self, pull: Pull, registry_down: Callable[[], Exception]) -> None:
        """Ask by `pull`."""
        self._pull = pull
        self._registry_down = registry_down
        self._pulled: dict[tuple[date, int, Wanted], RegistryFacts] = {}

    def facts(self, on: date, known_at: int | None, wanted: Wanted) -> RegistryFacts:
        """Return the facts of a day; InvalidInput beyond the ledger, Unavailable while the registry is silent."""
        if known_at is not None and (on, known_at, wanted) in self._pulled:
            return self._pulled[on, known_at, wanted]
        facts = self._ask(on, known_at, wanted)
        self._pulled[on, facts.known_at, wanted] = facts
        return facts

    def _ask(self, on: date, known_at: int | None, wanted: Wanted) -> RegistryFacts:
        try:
            return self._pull(on, known_at, wanted)
        except Refused as error:
            if known_at is None or error.status != BadRequest.status:
                raise self._registry_down() from error
            beyond = FieldProblem("/known_at/registry", "超出了登记台账的最后序号", "lies beyond the registry's ledger")
            raise InvalidInput("known_at 有误。", "known_at is not valid.", errors=[beyond]) from error
        except (PeerError, FileNotFoundError) as error:
            raise self._registry_down() from error
