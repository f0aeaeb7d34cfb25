"""Findings for a caller: what the Party rules flag in the caller's scope today, and since when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.enterprises.counting import is_counted
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.findings import repository
from heli_registry.findings.above import Above, findings_above, of_organizations, of_transfers
from heli_registry.findings.domain import (
    EnterpriseFacts,
    ZoneFacts,
    findings_of_enterprise,
    findings_of_organization,
    findings_of_zone,
)
from heli_registry.findings.flags import Finding
from heli_registry.findings.posts import findings_of_posts, link_people
from heli_registry.findings.timeline import Timeline
from heli_registry.organizations.domain import Organization, organization_of
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_registry.transfers.models import TRANSFER
from heli_registry.zones.service import ZONES
from heli_shared.kernel.access import Scope
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.calls import RecordCall
from heli_shared.records.service import Resource, get_record
from heli_shared.statistics.parameters import parameter

RECORD_KINDS = (
    "party_organization", "enterprise", "zone", "person", "assignment", "mass_organization", "pairing", "transfer",
)  # fmt: skip
"""The kinds of record that findings are about."""


_OF_SUPERIORS = frozenset({"organization-of-nobody", "two-masters", "superior-closed", "affiliation-mismatch"})
"""What is replayed from the affiliations; all else is replayed from covers, assignments and the record itself."""


def list_findings(
    call: RecordCall,
    *,
    rule: str | None = None,
    record_kind: str | None = None,
    record: str | None = None,
    cursor: str | None,
    limit: int,
) -> Page[Finding]:
    """Return a page of the findings in the caller's scope, ordered by kind of record, key and problem."""
    today = call.clock.today()
    found = sorted(
        (
            each
            for each in _all_findings(call.session, call.principal.scope, today, record_kind)
            if rule in (None, each.rule) and record in (None, each.record)
        ),
        key=_place,
    )
    after = tuple(decode_cursor(cursor, str, str, str)) if cursor else None
    behind = [each for each in found if after is None or _place(each) > after]
    items = with_since(call.session, call.ledger, behind[:limit], today)
    return Page(items, encode_cursor(*_place(items[-1])) if len(behind) > limit else None, len(found))


def findings_of(call: RecordCall, key: str) -> list[Finding]:
    """Return the findings of one organisation and of its transfer; NotFound when the caller may not see it."""
    get_record(call, PARTY_ORGANIZATIONS, key)
    today = call.clock.today()
    here = [PARTY_ORGANIZATION.table.c.id == key]
    found = [each for row in repository.organizations(call.session, here) for each in _of_organization(row, today)]
    found += of_organizations(call.session, here, today)
    found += of_transfers(call.session, [TRANSFER.table.c.organization == key], today)
    return with_since(call.session, call.ledger, sorted(found, key=_place), today)


def _place(finding: Finding) -> tuple[str, str, str]:
    return finding.record_kind, finding.record, finding.problem


def _clauses(session: Session, scope: Scope, resource: Resource) -> list[Any]:
    return [condition.clause for condition in resource.visible(session, scope)]


def _all_findings(session: Session, scope: Scope, today: date, record_kind: str | None) -> Iterator[Finding]:
    if record_kind in (None, "party_organization"):
        for row in repository.organizations(session, _clauses(session, scope, PARTY_ORGANIZATIONS)):
            yield from _of_organization(row, today)
    least = parameter("branch.min_full_members").find(today)
    if record_kind in (None, "enterprise") and least is not None:
        clauses = _clauses(session, scope, ENTERPRISES)
        for row in repository.uncovered_enterprises(session, clauses, min_full_members=int(least.value)):
            counted = is_counted(row._mapping, today)  # noqa: SLF001 - SQLAlchemy's public way to read a row by name
            facts = EnterpriseFacts(row.uscc, row.name, row.full_members, counted=counted, covered=False)
            yield from findings_of_enterprise(facts, today)
    if record_kind in (None, "zone"):
        for row in repository.project_zones(session, _clauses(session, scope, ZONES)):
            facts_of_zone = ZoneFacts(
                row.id, row.name, row.kind, row.planned_months, row.full_members, row.organizations
            )
            yield from findings_of_zone(facts_of_zone, today)
    yield from findings_of_posts(session, scope, today, record_kind)
    yield from findings_above(session, scope, today, record_kind)


def _of_organization(row: Any, today: date) -> Iterator[Finding]:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to read a row by name
    return findings_of_organization(_as_organization(values), today)


def _as_organization(values: Any) -> Organization:
    return organization_of(
        values, covered_enterprises=values["covered_enterprises"], covered_closed=values["covered_closed"]
    )


def with_since(session: Session, ledger: LedgerTables, findings: list[Finding], today: date) -> list[Finding]:
    """Return findings with the day since when each has held, replayed from the ledger where the rule does not know."""
    ours = [each for each in findings if each.problem in _OF_SUPERIORS]
    above = Above(session, ledger, (each.record for each in ours), today)
    dated = [replace(each, since=above.since(each)) if each.problem in _OF_SUPERIORS else each for each in findings]
    open_ended = [each for each in dated if each.since is None and each.problem not in _OF_SUPERIORS]
    timeline = _timeline(session, ledger, open_ended, today)
    return [each if each.problem in _OF_SUPERIORS else timeline.with_since(each, today) for each in dated]


def _timeline(session: Session, ledger: LedgerTables, findings: list[Finding], today: date) -> Timeline:
    keys = {kind: sorted({each.record for each in findings if each.record_kind == kind}) for kind in RECORD_KINDS}
    timeline = Timeline()
    wanted = {kind: set(some) for kind, some in keys.items()}
    wanted["cover"] = set()
    covers = repository.covers_of(session, organizations=keys["party_organization"], enterprises=keys["enterprise"])
    for cover in covers:
        wanted["cover"].add(cover.id)
        wanted["party_organization"].add(cover.organization)
        wanted["enterprise"].add(cover.enterprise)
        _link(timeline, "party_organization", cover.organization, (cover.id, "enterprise", cover.enterprise))
        _link(timeline, "enterprise", cover.enterprise, (cover.id, "party_organization", cover.organization))
    for key in repository.organizations_ever_in(session, ledger, keys["zone"]):
        wanted["party_organization"].add(key)
        for zone in keys["zone"]:
            _link(timeline, "zone", zone, (key, "party_organization", key))
    wanted["assignment"] |= set(link_people(session, timeline, keys["person"]))
    for entity, some in wanted.items():
        for key, entries in repository.entries_of(session, ledger, entity, some, until=today).items():
            timeline.entries[(entity, key)] = entries
    return timeline


def _link(timeline: Timeline, entity: str, key: str, link: tuple[str, str, str]) -> None:
    timeline.links.setdefault((entity, key), []).append(link)
