"""Finding whom a rulebook can score: units and posts in what is followed of the registry, the rest by asking it."""

from datetime import date
from typing import Protocol

from heli_assessment.intake.directory import registry_down
from heli_assessment.intake.domain import POSTS, UNIT_KINDS, Answering, Place, Post, Unit
from heli_shared.contracts.errors import PeerError, Refused
from heli_shared.contracts.registry.dto import PlaceDto

WORDS = {
    "department": ("成员单位（部门、协会、园区）", "a member unit: a department, an association or a park"),
    "township": ("乡镇街道", "a township"),
    "organization": ("党组织", "a Party organisation"),
    "enterprise": ("企业", "an enterprise"),
    "instructor": ("在任指导员", "a person in post as an instructor"),
    "secretary": ("在任书记", "a person in post as a secretary"),
}
"""What each kind of subject is called."""
_ASKED = {"organization": "party_organization", "enterprise": "enterprise"}
_UNSEEN = (403, 404)


class Followed(Protocol):
    """What is followed of the registry."""

    def unit_on(self, unit: str, day: date) -> Unit | None:
        """Return a unit as it stood on a day, or None."""
        ...

    def posts_on(self, person: str, role: str, day: date) -> list[Post]:
        """Return the posts that somebody held in a role on a day."""
        ...

    def answering(self) -> Answering:
        """Return which unit answers for what lies somewhere."""
        ...


class PlaceSource(Protocol):
    """What shows where an enterprise or an organisation lies."""

    def place(self, token: str, entity: str, key: str, *, on: date) -> PlaceDto:
        """Return the place of a record as the holder of a token may see it; Refused where they may not."""
        ...


class Subjects:
    """Finds subjects of any kind, and where they belong, on a day."""

    def __init__(self, followed: Followed, registry: PlaceSource) -> None:
        """Look into `followed`; ask `registry` about what a county has by the hundred thousand."""
        self._followed = followed
        self._registry = registry

    def find(self, token: str, kind: str, subject: str, *, on: date) -> Place | None:
        """Return where a subject belongs; None when the holder of the token sees no open one of this kind."""
        if kind in UNIT_KINDS:
            unit = self._followed.unit_on(subject, on)
            return Place() if unit is not None and unit.is_open and unit.kind in UNIT_KINDS[kind] else None
        if kind in POSTS:
            return self._post(token, kind, subject, on=on)
        return self._asked(token, kind, subject, on=on)

    def _post(self, token: str, role: str, person: str, *, on: date) -> Place | None:
        posts = self._followed.posts_on(person, role, on)
        if not posts:
            return None
        unit = min((post.unit for post in posts if post.unit is not None), default=None)
        led = min((post.organization for post in posts if post.organization is not None), default=None)
        lies = self._asked(token, "organization", led, on=on) if led is not None and role == "secretary" else None
        place = lies or Place()
        return Place(unit or place.unit, place.division, place.zone)

    def _asked(self, token: str, kind: str, key: str, *, on: date) -> Place | None:
        try:
            found = self._registry.place(token, _ASKED[kind], key, on=on)
        except Refused as error:
            if error.status in _UNSEEN:
                return None
            raise registry_down() from error
        except PeerError as error:
            raise registry_down() from error
        if found.state != "open":
            return None
        return self._followed.answering().placed(Place(found.responsible_unit, found.division, found.zone))
