"""One enterprise as the registry shows it to the caller, asked with the caller's own token."""

from collections.abc import Callable
from typing import Protocol

from heli_assessment.intake.directory import registry_down
from heli_assessment.opinions.domain import EnterpriseFacts
from heli_shared.contracts.errors import PeerError, Refused
from heli_shared.contracts.registry.dto import EnterpriseDto

_UNSEEN = (403, 404)


class EnterpriseSource(Protocol):
    """What shows an enterprise."""

    def enterprise(self, token: str, uscc: str) -> EnterpriseDto:
        """Return an enterprise as somebody may see it; Refused where they may not."""
        ...


def facts_of(registry: EnterpriseSource) -> Callable[[str, str], EnterpriseFacts | None]:
    """Return what asks `registry`: None for what the caller may not see, Unavailable while it does not answer."""

    def asked(token: str, uscc: str) -> EnterpriseFacts | None:
        try:
            found = registry.enterprise(token, uscc)
        except Refused as error:
            if error.status in _UNSEEN:
                return None
            raise registry_down() from error
        except PeerError as error:
            raise registry_down() from error
        return EnterpriseFacts(found.uscc, found.name, found.state, found.full_members, found.staff, found.covers)

    return asked
