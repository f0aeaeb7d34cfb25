"""Records that a call is about to make or change: a list may refer to its own rows before they are stored."""

from collections.abc import Mapping

from heli_shared.records.calls import RecordCall

_KEY = "pending"


def note_pending(call: RecordCall, entity: str, links: Mapping[str, str | None]) -> None:
    """Tell a call which records of an entity it will have made: key → the record of the same kind it points to."""
    call.extras[_KEY] = {entity: links}


def pending_links(call: RecordCall, entity: str) -> Mapping[str, str | None]:
    """Return what `note_pending` told of an entity; nothing for a call that makes one record."""
    found: Mapping[str, str | None] = call.extras.get(_KEY, {}).get(entity, {})
    return found
