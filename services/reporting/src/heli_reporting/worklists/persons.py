"""Persons by whom worklists are narrowed: known as far as the caller sees a record that names them."""

from collections.abc import Callable, Iterator
from datetime import date

from heli_reporting.history.store import Store
from heli_reporting.worklists.domain import Record
from heli_shared.kernel.errors import FieldProblem, NotFound

_EVER = date(9998, 12, 31)
"""As of this day stands everything that ever was, open or closed."""
_NAMING = {
    "person": ("unit",),
    "assignment": ("enterprise", "organization", "unit"),
    "instructor": ("unit",),
    "task": ("unit",),
}
"""The kinds that name persons, and what each is about."""
_ENTITIES = {"enterprise": "enterprise", "organization": "party_organization", "unit": "unit"}


def check_person(store: Store, person: str, is_seen: Callable[[str, Record], bool]) -> None:
    """Refuse a person whom no record names that the caller sees; `is_seen` tells that of a record of an entity."""
    if not any(_is_seen(store, *each, is_seen) for each in _naming(store, person)):
        raise NotFound(
            "没有这个人员，或您无权查看。",
            "There is no such person, or you may not see them.",
            errors=[FieldProblem("parameter person", "没有这个人员", "is not known")],
        )


def _naming(store: Store, person: str) -> Iterator[tuple[str, Record]]:
    """Yield the records that name a person, each with its entity; the person's own is the first."""
    for record in store.records("person", _EVER, keys=[person], open_only=False):
        yield "person", record
    for entity in _NAMING:
        for record in store.records(entity, _EVER, open_only=False):
            if record.get("person") == person:
                yield entity, record


def _is_seen(store: Store, entity: str, record: Record, is_seen: Callable[[str, Record], bool]) -> bool:
    """Say whether the caller sees a record, or one of those that it is about."""
    about = [(_ENTITIES[field], record[field]) for field in _NAMING[entity] if record[field] is not None]
    return is_seen(entity, record) or any(
        is_seen(other, found)
        for other, key in about
        for found in store.records(other, _EVER, keys=[key], open_only=False)
    )
