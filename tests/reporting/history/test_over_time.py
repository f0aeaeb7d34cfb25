"""What happens over time is counted on the right days: closing, moving, correcting, gaps."""

from datetime import date
from typing import Any

import pytest

from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.store import Store
from heli_shared.kernel.access import Scope
from reporting.history.county import TOWNS, VILLAGES, County

ON = date(2024, 6, 1)


def _coverage(store: Store, on: date = ON, seq: int | None = None) -> tuple[int, int | None]:
    cell = store.aggregate(["organization_coverage"], [], Query(on, KnownAt(registry=seq))).total[
        "organization_coverage"
    ]
    return cell.numerator, cell.denominator


def _plain(county: County, count: int) -> None:
    """Put the first enterprises into the first village, in scope, with members enough for a branch."""
    del county.entries[len([e for e in county.entries if e["entity"] in ("division", "zone", "unit")]) :]
    fields = {"name": "一厂", "division": VILLAGES[0], "ownership": "private", "full_members": 3}
    for uscc in county.usccs[:count]:
        county.write("enterprise", uscc, "create", date(2024, 1, 15), fields)
    county.write("party_organization", "org-x", "create", date(2024, 1, 15), {"kind": "branch"})


@pytest.mark.parametrize(
    ("entity", "fields", "measure"),
    [
        ("cover", {"organization": "org-x", "form": "sole"}, "organization_coverage"),
        ("mass_organization", {"kind": "union"}, "work_coverage_strict"),
        ("assignment", {"role": "instructor"}, "work_coverage_strict"),
    ],
)
def test_a_link_corrected_on_its_first_day_leaves_nobody_behind(
    store: Store, entity: str, fields: dict[str, Any], measure: str
) -> None:
    county = County(21, changes=0)
    _plain(county, 2)
    wrong, right = county.usccs[:2]
    county.write(entity, "link", "create", ON, {**fields, "enterprise": wrong})
    county.write(entity, "link", "change", ON, {"enterprise": right})
    listed = []
    for end in (len(county.entries) - 1, len(county.entries)):
        store.append("registry", county.entries[:end], epoch="e")
        store.refresh()
        listed.append([item["uscc"] for item in store.rows(measure, Query(ON)).items])
    assert listed == [[wrong], [right]]


def test_a_village_that_moves_takes_its_enterprises_along_from_that_day(store: Store) -> None:
    county = County(22, changes=0)
    _plain(county, 3)
    county.write("division", VILLAGES[0], "change", date(2024, 5, 1), {"parent": TOWNS[2]})
    store.append("registry", county.entries, epoch="e")
    store.refresh()

    def by_town(on: date, seq: int | None = None) -> dict[str | None, int]:
        answer = store.aggregate(["enterprise_count"], ["division:town"], Query(on, KnownAt(registry=seq)))
        return {row.groups[0].code: row.cells["enterprise_count"].numerator for row in answer.rows}

    before, after = dict(zip(TOWNS, (3, 0, 0), strict=True)), dict(zip(TOWNS, (0, 0, 3), strict=True))
    assert by_town(date(2024, 4, 30)) == before
    assert by_town(date(2024, 5, 1)) == after
    assert by_town(date(2024, 5, 1), len(county.entries) - 1) == before
    new_town = Scope(divisions=(TOWNS[2],))
    counts = [
        store.aggregate(["enterprise_count"], [], Query(on, scope=new_town)).total["enterprise_count"].value
        for on in (date(2024, 4, 30), date(2024, 5, 1))
    ]
    assert counts == [0, 3]


def test_a_gap_knows_since_when_and_why(store: Store) -> None:
    county = County(23, changes=0)
    _plain(county, 5)
    recorded, lost, reached, entered, met = county.usccs[:5]
    for uscc in (lost, met):
        county.write("cover", f"cov-{uscc}", "create", date(2024, 2, 1), {"organization": "org-x", "enterprise": uscc})
    county.write("cover", f"cov-{lost}", "close", date(2024, 3, 1), {})
    county.write("enterprise", reached, "change", date(2024, 1, 15), {"full_members": 2})
    county.write("enterprise", reached, "change", date(2024, 4, 1), {"full_members": 3})
    county.write("enterprise", entered, "change", date(2024, 1, 15), {"operation_state": "suspended"})
    county.write("enterprise", entered, "change", date(2024, 5, 1), {"operation_state": "operating"})
    county.write("enterprise", recorded, "change", date(2024, 5, 20), {"full_members": 4})
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    page = store.gaps(Query(ON))
    assert [(gap.uscc, gap.since, gap.began, gap.days_overdue) for gap in page.items] == [
        (recorded, date(2024, 1, 15), "recorded", 138),
        (lost, date(2024, 3, 1), "lost", 92),
        (reached, date(2024, 4, 1), "condition_reached", 61),
        (entered, date(2024, 5, 1), "entered_scope", 31),
    ]
    assert page.total == 4


def test_close_reopen_close_gives_the_right_denominator_each_month(store: Store) -> None:
    county = County(17, changes=0)
    del county.entries[len([e for e in county.entries if e["entity"] in ("division", "zone", "unit")]) :]
    plain = {"name": "一厂", "division": TOWNS[0], "ownership": "private"}
    for uscc in county.usccs[:3]:
        county.write("enterprise", uscc, "create", date(2024, 1, 15), plain)
    county.write("enterprise", county.usccs[0], "close", date(2024, 3, 10), {})
    county.write("enterprise", county.usccs[0], "reopen", date(2024, 6, 1), {})
    county.write("enterprise", county.usccs[0], "close", date(2024, 9, 30), {})
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    months = [_coverage(store, date(2024, month, 1))[1] for month in range(1, 13)]
    assert months == [0, 3, 3, 2, 2, 3, 3, 3, 3, 2, 2, 2]
    assert _coverage(store, date(2024, 9, 29))[1] == 3
    assert _coverage(store, date(2024, 9, 30))[1] == 2


def test_a_back_dated_correction_changes_the_past_only_for_who_knows_it(store: Store) -> None:
    county = County(18, changes=0)
    del county.entries[len([e for e in county.entries if e["entity"] in ("division", "zone", "unit")]) :]
    plain = {"name": "一厂", "division": TOWNS[0], "ownership": "private", "operation_state": "operating"}
    county.write("enterprise", county.usccs[0], "create", date(2024, 1, 1), plain)
    county.write("enterprise", county.usccs[0], "change", date(2024, 8, 1), {"operation_state": "operating"})
    before = len(county.entries)
    county.write("enterprise", county.usccs[0], "change", date(2024, 5, 1), {"operation_state": "suspended"})
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    days = (date(2024, 4, 1), date(2024, 6, 1), date(2024, 9, 1))
    assert [_coverage(store, day)[1] for day in days] == [1, 0, 1]
    assert [_coverage(store, day, before)[1] for day in days] == [1, 1, 1]
