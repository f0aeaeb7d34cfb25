"""Since when: the facts of the past days, folded from the ledger, and the rules asked again on each of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from heli_registry.enterprises.counting import is_counted
from heli_registry.findings.domain import (
    EnterpriseFacts,
    ZoneFacts,
    condition_since,
    findings_of_enterprise,
    findings_of_organization,
    findings_of_zone,
)
from heli_registry.findings.flags import Finding
from heli_registry.findings.link_rules import (
    PersonFacts,
    assignment_facts,
    findings_of_assignment,
    findings_of_mass_organization,
    findings_of_pairing,
    findings_of_person,
    mass_facts,
    pairing_facts,
)
from heli_registry.findings.masters import Unattended, findings_of_unattended
from heli_registry.organizations.domain import organization_of
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.folding import fold

Values = Mapping[str, Any]
_LINKS = {"person": "assignment"}
"""The kind of the records that link, where it is no cover."""


@dataclass(slots=True)
class Timeline:
    """The entries of the records that some findings rest on: by entity and key, and who is linked to whom.

    `links` maps a record (entity, key) to its links: (key of the link's record, entity and key of the other end).
    """

    entries: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    links: dict[tuple[str, str], list[tuple[str, str, str]]] = field(default_factory=dict)

    def values(self, entity: str, key: str, day: date) -> Values | None:
        """Return a record's values on a day, or None when it did not exist."""
        folded = fold(self.entries.get((entity, key), []), on=day)
        return None if folded is None else folded.values

    def is_open(self, entity: str, key: str, day: date) -> bool:
        """Say whether a record existed and was open on a day."""
        values = self.values(entity, key, day)
        return values is not None and values.get("state") == "open"

    def with_since(self, finding: Finding, today: date) -> Finding:
        """Return a finding with the day since when it has held; one that knows already stays as it is."""
        if finding.since is not None:
            return finding
        ask = _ASK[finding.record_kind]
        days = self._days(finding.record_kind, finding.record)
        if finding.parameter is not None:
            days |= {finding.parameter.since}

        def holds(day: date) -> bool:
            return any(each.problem == finding.problem for each in ask(self, finding.record, day))

        return replace(finding, since=condition_since((day for day in days if day <= today), holds))

    def open_links(self, entity: str, key: str, day: date) -> list[str]:
        """Return the other ends that were open on a day and linked by an open link."""
        return [
            other
            for link, other_entity, other in self.links.get((entity, key), [])
            if self._is_linked(link, entity, key, day) and self.is_open(other_entity, other, day)
        ]

    def closed_links(self, entity: str, key: str, day: date) -> list[str]:
        """Return the other ends that existed but were closed on a day and were linked by an open link."""
        return [
            other
            for link, other_entity, other in self.links.get((entity, key), [])
            if self._is_linked(link, entity, key, day)
            and (self.values(other_entity, other, day) or {}).get("state") == "closed"
        ]

    def _is_linked(self, link: str, entity: str, key: str, day: date) -> bool:
        if entity == "person":
            return self.is_open("assignment", link, day)
        if entity == "zone":
            values = self.values("party_organization", link, day)
            return values is not None and values.get("zone") == key
        return self.is_open("cover", link, day)

    def _days(self, entity: str, key: str) -> set[date]:
        linked = self.links.get((entity, key), [])
        records = [
            (entity, key),
            *((_LINKS.get(entity, "cover"), link) for link, _, _ in linked),
            *((kind, end) for _, kind, end in linked),
        ]
        return {entry.effective_on for record in records for entry in self.entries.get(record, [])}


def _organization(timeline: Timeline, key: str, day: date) -> Iterable[Finding]:
    values = timeline.values("party_organization", key, day)
    if values is None or values.get("state") != "open":
        return ()
    covered = len(set(timeline.open_links("party_organization", key, day)))
    closed = len(set(timeline.closed_links("party_organization", key, day)))
    record = {**values, "id": key}
    return findings_of_organization(organization_of(record, covered_enterprises=covered, covered_closed=closed), day)


def _enterprise(timeline: Timeline, key: str, day: date) -> Iterable[Finding]:
    values = timeline.values("enterprise", key, day)
    if values is None:
        return ()
    covered = bool(timeline.open_links("enterprise", key, day))
    counted = is_counted({**values, "uscc": key}, day)
    facts = EnterpriseFacts(key, "", values.get("full_members"), counted=counted, covered=covered)
    members = (values.get("full_members") or 0) + (values.get("probationary_members") or 0)
    unattended = counted and not covered and members > 0 and values.get("responsible_unit") is None
    nobodys = findings_of_unattended(Unattended(key, "", members)) if unattended else ()
    return (*findings_of_enterprise(facts, day), *nobodys)


def _zone(timeline: Timeline, key: str, day: date) -> Iterable[Finding]:
    values = timeline.values("zone", key, day)
    if values is None or values.get("state") != "open":
        return ()
    inside = len(timeline.open_links("zone", key, day))
    facts = ZoneFacts(key, "", values["kind"], values.get("planned_months"), values.get("full_members"), inside)
    return findings_of_zone(facts, day)


def _person(timeline: Timeline, key: str, day: date) -> Iterable[Finding]:
    held = [
        timeline.values("assignment", link, day) or {}
        for link, _, _ in timeline.links.get(("person", key), [])
        if timeline.is_open("assignment", link, day)
    ]
    guided = {each.get("enterprise") for each in held if each.get("role") == "instructor" and each.get("enterprise")}
    points = sum(each.get("role") == "contact_leader" for each in held)
    return findings_of_person(PersonFacts(key, len(guided), points), day)


def _assignment(timeline: Timeline, key: str, day: date) -> Iterable[Finding]:
    values = timeline.values("assignment", key, day)
    if values is None or values.get("state") != "open":
        return ()
    return findings_of_assignment(assignment_facts({**values, "id": key}), day)


def _mass_organization(timeline: Timeline, key: str, day: date) -> Iterable[Finding]:
    values = timeline.values("mass_organization", key, day)
    if values is None or values.get("state") != "open":
        return ()
    return findings_of_mass_organization(mass_facts({**values, "id": key}), day)


def _pairing(timeline: Timeline, key: str, day: date) -> Iterable[Finding]:
    values = timeline.values("pairing", key, day)
    if values is None or values.get("state") != "open":
        return ()
    return findings_of_pairing(pairing_facts({**values, "id": key}), day)


_ASK: Mapping[str, Callable[[Timeline, str, date], Iterable[Finding]]] = {
    "party_organization": _organization,
    "enterprise": _enterprise,
    "zone": _zone,
    "person": _person,
    "assignment": _assignment,
    "mass_organization": _mass_organization,
    "pairing": _pairing,
}
