"""Facts of Party organisations: one row per organisation and day, where it lies, whom it covers, when it must elect."""

from collections.abc import Mapping
from typing import Any

import ibis

from heli_shared.statistics.facts import with_path
from heli_shared.statistics.parameters import parameter
from heli_shared.statistics.scope import known
from heli_shared.statistics.tables import ORGANIZATIONS, PATH_LEVELS

Table = Any
Column = Any

TERM_KINDS = ("branch", "joint_branch", "general_branch", "committee")
COLUMNS = (
    "id",
    "day",
    *ORGANIZATIONS,
    "state",
    *PATH_LEVELS,
    "enterprises",
    "term_years",
    "election_due_on",
    "secretary_post",
    "affiliation_kind",
    "is_open",
    "has_full_time_worker",
    "scope_reason",
)


def term_years(t: Table) -> Column:
    """Return the years of office by kind and day of election: the rule of that day keeps holding (R-9)."""
    branches = []
    for kind in TERM_KINDS:
        for value in reversed(parameter(f"term.{kind}").values()):
            elected_under = t.elected_on >= ibis.date(value.since.isoformat())
            branches.append(((t.kind == kind) & elected_under, ibis.literal(value.value, type="int32")))
    return ibis.cases(*branches, else_=ibis.null("int32"))


def election_due_on(t: Table) -> Column:
    """Return the day the term ends: election plus years of office, or the approved extension if that is later."""
    spans = sorted({int(v.value) for kind in TERM_KINDS for v in parameter(f"term.{kind}").values()})
    branches = []
    for span in spans:
        # Some engines make a timestamp of date + interval: through one, to a date again.
        end = (t.elected_on + ibis.interval(years=span)).cast("timestamp").cast("date")
        extended = (t.term_years == span) & (t.extension_until > end)
        branches += [(extended, t.extension_until), (t.term_years == span, end)]
    return ibis.cases(*branches, else_=ibis.null("date"))


def _cover_counts(spine: Table, covers: Table, enterprises: Table) -> Table:
    """Count the open enterprises an organisation covers by open covers: one that closed is covered no more."""
    joined = spine.join(covers.filter(covers.state == "open"), spine.id == covers.organization)
    held = joined.filter((joined.valid_from <= joined.day) & (joined.day < joined.valid_to))
    linked = held.select("id", "day", "enterprise")
    standing = enterprises.filter(enterprises.state == "open").select("key", "valid_from", "valid_to")
    joined = linked.join(standing, linked.enterprise == standing.key)
    held = joined.filter((joined.valid_from <= joined.day) & (joined.day < joined.valid_to))
    return held.group_by("id", "day").aggregate(enterprises=held.enterprise.nunique().cast("int32"))


def _affiliation_kinds(spine: Table, affiliations: Table) -> Table:
    """Return of what kind an organisation's open affiliation is; `several` where it has more than one kind."""
    joined = spine.join(affiliations.filter(affiliations.state == "open"), spine.id == affiliations.organization)
    held = joined.filter((joined.valid_from <= joined.day) & (joined.day < joined.valid_to))
    found = held.group_by("id", "day").aggregate(kinds=held.kind.nunique(), first=held.kind.min())
    return found.select("id", "day", affiliation_kind=ibis.cases((found.kinds > 1, "several"), else_=found.first))


def secretary_post(t: Table) -> Column:
    """Say whether an organisation has no secretary, one full-time, one beside other work, or one of whom it is unsaid.

    Null where it is not known whether there is one.
    """
    return ibis.cases(
        (t.has_secretary & t.secretary_is_full_time, "full_time"),
        (t.has_secretary & ~t.secretary_is_full_time, "part_time"),
        (t.has_secretary, "unsaid"),
        (~t.has_secretary, "none"),
        else_=ibis.null("string"),
    )


def organization_facts(spine: Table, versions: Mapping[str, Table]) -> Table:
    """Return the facts of the spine's organisations on its days, in the order of `COLUMNS`.

    `spine` has `id` and `day`. Days before the organisation was created are left out; closed ones stay, with the
    reason.
    """
    organizations = versions["organizations"]
    standing = organizations.filter(organizations.state.notnull())
    joined = spine.join(standing, spine.id == standing.key)
    held = joined.filter((joined.valid_from <= joined.day) & (joined.day < joined.valid_to))
    base = with_path(held.drop("key", "valid_from", "valid_to"), versions["division_paths"])
    counts = _cover_counts(spine, versions["covers"], versions["enterprises"])
    counted = base.left_join(counts, ["id", "day"])
    zero = ibis.literal(0, type="int32")
    base = counted.select(*(base[name] for name in base.columns), enterprises=counted.enterprises.fill_null(zero))
    kinds = _affiliation_kinds(spine, versions["affiliations"])
    placed = base.left_join(kinds, ["id", "day"])
    base = placed.select(*(base[name] for name in base.columns), affiliation_kind=placed.affiliation_kind)
    is_open = known(base.state == "open")
    base = base.mutate(
        term_years=term_years(base),
        is_open=is_open,
        secretary_post=secretary_post(base),
        has_full_time_worker=is_open & known(base.full_time_party_workers > 0),
    )
    closed = ibis.cases((~base.is_open, "closed"), else_=ibis.null("string"))
    return base.mutate(election_due_on=election_due_on(base), scope_reason=closed).select(*COLUMNS)
