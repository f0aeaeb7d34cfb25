"""Findings about superiors that a scope shows, and since when: replayed from the affiliations' own history."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.enterprises.counting import is_counted
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.findings import masters_facts
from heli_registry.findings.domain import condition_since
from heli_registry.findings.flags import Finding
from heli_registry.findings.masters import (
    Affiliated,
    Superior,
    Unattended,
    Underway,
    findings_of_affiliated,
    findings_of_transfer,
    findings_of_unattended,
)
from heli_registry.findings.repository import entries_of
from heli_registry.findings.timeline import Timeline
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_registry.transfers.domain import SIDES, pending_sides
from heli_registry.transfers.service import TRANSFERS
from heli_shared.kernel.access import Scope
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.service import Resource


def findings_above(session: Session, scope: Scope, today: date, record_kind: str | None) -> Iterator[Finding]:
    """Yield what is flagged about superiors of a scope's organisations, members of nobody, and transfers."""
    if record_kind in (None, "party_organization"):
        yield from of_organizations(session, _clauses(PARTY_ORGANIZATIONS, session, scope), today)
    if record_kind in (None, "enterprise"):
        for row in masters_facts.unattended(session, _clauses(ENTERPRISES, session, scope)):
            if is_counted(row._mapping, today):  # noqa: SLF001 - SQLAlchemy's public way to read a row by name
                members = (row.full_members or 0) + (row.probationary_members or 0)
                yield from findings_of_unattended(Unattended(row.uscc, row.name, members))
    if record_kind in (None, "transfer"):
        yield from of_transfers(session, _clauses(TRANSFERS, session, scope), today)


def of_transfers(session: Session, clauses: list[Any], today: date) -> Iterator[Finding]:
    """Yield what is flagged about the transfers under way that meet the clauses."""
    for row in masters_facts.overdue_transfers(session, clauses, today):
        pending = tuple(side for side in SIDES if side in pending_sides(row._mapping))  # noqa: SLF001 - by name
        facts = Underway(row.id, row.organization, row.name, row.proposed_on, row.due_on, pending)
        yield from findings_of_transfer(facts, today)


def of_organizations(session: Session, clauses: list[Any], today: date) -> Iterator[Finding]:
    """Yield what is flagged about the superiors of the open organisations that meet the clauses."""
    for _, some in groupby(masters_facts.affiliated(session, clauses), key=attrgetter("id")):
        yield from findings_of_affiliated(_affiliated(list(some)), today)


def _clauses(resource: Resource, session: Session, scope: Scope) -> list[Any]:
    return [condition.clause for condition in resource.visible(session, scope)]


def _affiliated(rows: list[Any]) -> Affiliated:
    first = rows[0]
    superiors = tuple(
        Superior(row.affiliation, row.superior, row.affiliation_kind, row.superior_state == "open")
        for row in rows
        if row.affiliation is not None
    )
    return Affiliated(first.id, first.name, first.setup_form, first.zone_kind, superiors)


class Above:
    """What stood above some organisations on any day, folded from the ledger."""

    def __init__(self, session: Session, ledger: LedgerTables, organizations: Iterable[str], today: date) -> None:
        """Read the entries of the organisations, their affiliations, and every superior and zone these ever named."""
        keys = sorted(set(organizations))
        self._today = today
        self._links: dict[str, list[str]] = {}
        self._timeline = Timeline()
        for row in masters_facts.affiliations_of(session, keys):
            self._links.setdefault(row.organization, []).append(row.id)
        links = [key for some in self._links.values() for key in some]
        self._read(session, ledger, "party_organization", keys)
        self._read(session, ledger, "affiliation", links)
        superiors = self._ever_named("affiliation", links, "superior")
        self._read(session, ledger, "party_organization", superiors)
        self._read(session, ledger, "unit", superiors)
        self._read(session, ledger, "zone", self._ever_named("party_organization", keys, "zone"))

    def _read(self, session: Session, ledger: LedgerTables, entity: str, keys: Iterable[str]) -> None:
        for key, entries in entries_of(session, ledger, entity, keys, until=self._today).items():
            self._timeline.entries[(entity, key)] = entries

    def _ever_named(self, entity: str, keys: Iterable[str], field: str) -> set[str]:
        entries = (entry for key in keys for entry in self._timeline.entries.get((entity, key), []))
        return {entry.changes[field] for entry in entries if entry.changes.get(field)}

    def since(self, finding: Finding) -> date | None:
        """Return the day from which a finding has held without a break."""
        days = self._days(finding.record)
        if finding.parameter is not None:
            days.add(finding.parameter.since)

        def holds(day: date) -> bool:
            facts = self._on(finding.record, day)
            found = () if facts is None else findings_of_affiliated(facts, day)
            return any(each.problem == finding.problem for each in found)

        return condition_since((day for day in days if day <= self._today), holds)

    def _days(self, organization: str) -> set[date]:
        links = self._links.get(organization, [])
        records = [("party_organization", organization), *(("affiliation", key) for key in links)]
        superiors = self._ever_named("affiliation", links, "superior")
        records += [(entity, key) for key in superiors for entity in ("party_organization", "unit")]
        records += [("zone", key) for key in self._ever_named("party_organization", [organization], "zone")]
        return {entry.effective_on for record in records for entry in self._timeline.entries.get(record, [])}

    def _on(self, organization: str, day: date) -> Affiliated | None:
        values = self._timeline.values("party_organization", organization, day)
        if values is None or values.get("state") != "open":
            return None
        zone = self._timeline.values("zone", values.get("zone") or "", day) or {}
        found = []
        for key in self._links.get(organization, []):
            link = self._timeline.values("affiliation", key, day)
            if link is not None and link.get("state") == "open":
                superior = link["superior"]
                is_open = any(
                    self._timeline.is_open(entity, superior, day) for entity in ("party_organization", "unit")
                )
                found.append(Superior(key, superior, link.get("kind"), is_open))
        return Affiliated(organization, "", values.get("setup_form"), zone.get("kind"), tuple(found))
