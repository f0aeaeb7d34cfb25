"""Facts: one row per enterprise and day of the spine, with where it lay, what reached it and how it is classified.

Joins are on equal keys followed by a filter on the days, which every engine can do.
"""

from collections.abc import Mapping
from typing import Any

import ibis

from heli_shared.statistics import classification as c
from heli_shared.statistics.scope import known
from heli_shared.statistics.sizes import size_class
from heli_shared.statistics.tables import COVER_FORMS, MEMBERS_AT_POSTS, PATH_LEVELS

Table = Any
Column = Any

_MASS = {"unions": "union", "youth_leagues": "youth_league", "womens_federations": "womens_federation"}
_ROLES = {"instructors": "instructor", "liaisons": "liaison", "contact_leaders": "contact_leader"}
_CARRIED = (
    "name",
    "division",
    "zone",
    "ownership",
    "industry",
    "responsible_unit",
    "sector",
    "operation_state",
    "staff",
    "annual_revenue",
    "total_assets",
    "full_members",
    "probationary_members",
    *MEMBERS_AT_POSTS,
)


def _valid(t: Table) -> Column:
    return (t.valid_from <= t.day) & (t.day < t.valid_to)


def _on_spine(spine: Table, versions: Table, key: str) -> Table:
    """Return the versions of the spine's enterprises that hold on its days; `key` is the credit code's column."""
    joined = spine.join(versions, spine.uscc == versions[key])
    return joined.filter(_valid(joined))


def _counted(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return for each condition how many rows meet it."""
    no, small = ibis.literal(value=False), "int32"
    return {name: condition.fill_null(no).cast(small).sum().cast(small) for name, condition in columns.items()}


def _cover_counts(spine: Table, covers: Table, organizations: Table) -> Table:
    """Count the open covers by open organisations per enterprise and day, in all and by form.

    Of the organisations the one with the smallest key is named: where the enterprise stands in the affiliation tree.
    """
    is_open = covers.filter(covers.state == "open")
    linked = _on_spine(spine, is_open.rename(cover="key"), "enterprise").select(
        "uscc", "day", "cover", "organization", "form"
    )
    standing = organizations.filter(organizations.state == "open").select(
        "setup_form", "valid_from", "valid_to", organization_key="key"
    )
    joined = linked.join(standing, linked.organization == standing.organization_key)
    held = joined.filter(_valid(joined))
    held = held.mutate(form=ibis.coalesce(held.form, held.setup_form, ibis.literal("other")))
    known = list(COVER_FORMS[:-1])
    forms = {f"covers_{form}": held.form == form for form in known} | {"covers_other": ~held.form.isin(known)}
    return held.group_by("uscc", "day").aggregate(
        covers=held.count().cast("int32"), **_counted(forms), covering_organization=held.organization.min()
    )


def _link_counts(spine: Table, links: Table, column: str, names: Mapping[str, str]) -> Table:
    """Count the open links of each kind per enterprise and day."""
    held = _on_spine(spine, links.filter(links.state == "open"), "enterprise")
    return held.group_by("uscc", "day").aggregate(
        **_counted({name: held[column] == kind for name, kind in names.items()})
    )


def _with_counts(base: Table, counts: Table) -> Table:
    """Add counts to each row, 0 where there are none."""
    names = [name for name in counts.columns if name not in {"uscc", "day", "covering_organization"}]
    texts = [name for name in counts.columns if name == "covering_organization"]
    joined = base.left_join(counts, ["uscc", "day"])
    zero = ibis.literal(0, type="int32")
    return joined.select(
        *(base[name] for name in base.columns),
        **{name: joined[name].fill_null(zero) for name in names},
        **{name: joined[name] for name in texts},
    )


def with_path(base: Table, paths: Table) -> Table:
    """Add the division path of each row's day; null levels where the division is not known.

    A division has a path for every day (see `paths`), so the filter drops no row of a known division.
    """
    named = paths.rename(path_key="key", path_from="valid_from", path_to="valid_to")
    joined = base.left_join(named, base.division == named.path_key)
    in_force = (joined.path_from <= joined.day) & (joined.day < joined.path_to)
    placed = joined.filter(joined.path_key.isnull() | in_force)
    return placed.drop("path_key", "path_from", "path_to")


def base_facts(spine: Table, versions: Mapping[str, Table]) -> Table:
    """Return per enterprise and day: its fields, its division path and the counts of what reaches it."""
    enterprises = versions["enterprises"]
    held = _on_spine(spine, enterprises.filter(enterprises.state.notnull()), "key")
    base = held.drop("key", "valid_from", "valid_to")
    base = with_path(base, versions["division_paths"])
    base = _with_counts(base, _cover_counts(spine, versions["covers"], versions["organizations"]))
    base = _with_counts(base, _link_counts(spine, versions["mass_organizations"], "kind", _MASS))
    return _with_counts(base, _link_counts(spine, versions["assignments"], "role", _ROLES))


def classified(base: Table) -> Table:
    """Add the classification, and the numerator and denominator columns of the measures, to base facts."""
    named = base.mutate(
        scope_reason=c.scope_reason(base),
        organization_cover=c.organization_cover(base),
        size_class=size_class(base),
        industry_section=c.industry_code(base, 1),
        industry_division=c.industry_code(base, 3),
        industry_class=c.industry_code(base, 5),
        is_covered=c.is_covered(base),
        is_reached=c.is_reached(base),
        is_due=c.is_due(base),
        has_member=c.has_member(base),
        is_above_scale=c.is_above_scale(base),
        has_staff50=c.has_staff50(base),
        has_staff100=c.has_staff100(base),
    )
    n = named.mutate(in_scope=named.scope_reason.isnull(), is_open=known(named.state == "open"))
    return n.mutate(
        covered_in_scope=n.in_scope & n.is_covered,
        sole_in_scope=n.in_scope & (n.organization_cover == "sole"),
        without_organization=n.in_scope & ~n.is_covered,
        reached_without_organization=n.in_scope & ~n.is_covered & n.is_reached,
        covered_or_reached=n.in_scope & (n.is_covered | n.is_reached),
        due=n.in_scope & n.is_due,
        due_established=n.in_scope & n.is_due & n.is_covered,
        staff50=n.in_scope & n.has_staff50,
        staff50_with_member=n.in_scope & n.has_staff50 & n.has_member,
        staff100=n.in_scope & n.has_staff100,
        staff100_with_organization=n.in_scope & n.has_staff100 & n.is_covered,
        above_scale=n.in_scope & n.is_above_scale,
        above_scale_sole=n.in_scope & n.is_above_scale & (n.organization_cover == "sole"),
        not_established_class=c.not_established_class(n.in_scope, n.is_covered, n.is_due, n.has_member),
    )


COUNTS = ("covers", *(f"covers_{form}" for form in COVER_FORMS), *_MASS, *_ROLES)
BOOLEANS = (
    "is_open",
    "in_scope",
    "is_covered",
    "is_reached",
    "is_due",
    "has_member",
    "is_above_scale",
    "has_staff50",
    "has_staff100",
    "covered_in_scope",
    "sole_in_scope",
    "without_organization",
    "reached_without_organization",
    "covered_or_reached",
    "due",
    "due_established",
    "staff50",
    "staff50_with_member",
    "staff100",
    "staff100_with_organization",
    "above_scale",
    "above_scale_sole",
)
CLASSES = (
    "scope_reason",
    "organization_cover",
    "size_class",
    "industry_section",
    "industry_division",
    "industry_class",
    "not_established_class",
)
COLUMNS = ("uscc", "day", *_CARRIED, "state", *PATH_LEVELS, "covering_organization", *COUNTS, *CLASSES, *BOOLEANS)


def facts(spine: Table, versions: Mapping[str, Table]) -> Table:
    """Return the facts of the spine's enterprises on its days, in the order of `COLUMNS`.

    `spine` has `uscc` and `day`; `versions` maps the names of `tables.TABLES` to version tables. Rows on which the
    enterprise had not been created are left out; closed enterprises stay, with the reason `closed`.
    """
    return classified(base_facts(spine, versions)).select(*COLUMNS)
