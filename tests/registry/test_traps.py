"""Traps that others fell into and that a registry can fall into, each with the tests that hold it shut.

A trap about figures, scores or dashboards alone is held shut where those are (tests/reporting, tests/assessment). The
table names tests; the first test sees that they are there. The two below it have no other home.
"""

import ast
import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from heli_shared.web.routes import iterate_routes
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B, Registry

TESTS = Path(__file__).resolve().parents[1]

TRAPS: Mapping[str, tuple[str, ...]] = {
    "a half, quarter or month that is taken without its year": (
        "registry/periods/test_domain.py::test_a_code_names_its_days_and_the_periods_it_is_compared_with",
    ),
    "a share of nothing that reads 0 or 100": (
        "registry/quality/test_results.py::test_nothing_looked_at_gives_no_share",
    ),
    "an endpoint that nobody gave a scope": (
        "architecture/test_routes.py::test_every_other_route_declares_a_permission",
        "registry/identity/test_authorisation_matrix.py::test_every_cell_of_the_matrix_is_as_declared",
    ),
    "a scope that leaks when many call at once": (
        "registry/test_traps.py::test_a_thousand_calls_of_many_people_at_once_show_nobody_a_foreign_row",
    ),
    "a scope that is stale after the tree has changed": (
        "registry/trees/test_merges_and_splits.py::test_a_new_child_unit_is_seen_at_once_after_a_merge",
        "registry/identity/test_principals.py::test_moving_a_unit_moves_the_scope_of_its_people",
        "registry/identity/test_principals.py::test_a_change_of_roles_and_unit_bites_on_the_next_request",
    ),
    "suggestions and filters outside the scope of the rows": (
        "registry/search/test_search.py::test_a_township_sees_its_own",
        "registry/reconciliation/test_protocol.py::test_a_township_reconciles_against_its_own",
        "registry/records/test_exports_as_lists.py::test_exports_are_cut_to_the_scope_and_refuse_unknown_filters",
    ),
    "an export that differs from the screen": (
        "registry/records/test_exports_as_lists.py::test_every_form_of_an_export_has_the_rows_of_the_list",
    ),
    "two ways to one number": (
        "registry/enterprises/test_counting.py::test_both_ways_of_saying_it_agree",
        "registry/quality/test_both_readings.py::test_the_two_ways_to_read_agree_on_random_records",
    ),
    "an import into a unit of others": (
        "registry/imports/test_foreign_units.py::test_rows_that_name_what_is_foreign_are_refused_one_by_one",
        "registry/imports/test_foreign_units.py::test_an_undo_or_a_preview_does_not_reach_into_another_township",
    ),
    "a workbook that eats all memory": (
        "registry/imports/test_tables.py::test_a_sheet_in_slices_is_bounded_while_it_is_read",
        "registry/imports/test_tables.py::test_an_archive_that_inflates_beyond_bounds_is_refused_unread",
        "registry/imports/test_tables.py::test_too_many_rows_are_refused",
    ),
    "a feed that forgets, a bulk copy without what ended": (
        "registry/exchange/test_patches.py::test_a_consumer_that_was_off_for_a_year_catches_up",
        "registry/exchange/test_patches.py::test_a_tombstone_names_its_successor",
        "registry/records/test_feed_and_exports.py::test_a_copy_from_the_feed_equals_the_bulk_copy_of_a_kind",
    ),
    "a parameter that is ignored": (
        "registry/records/test_life_of_a_record.py::test_an_unknown_parameter_is_refused_and_known_ones_are_echoed",
        "registry/test_traps.py::test_no_route_ignores_a_parameter_that_it_does_not_know",
    ),
    "an event lost between commit and sending": (
        "registry/exchange/test_webhooks.py::test_a_crash_between_commit_and_sending_still_delivers",
        "registry/records/test_writers_race.py::test_a_feed_reader_beside_eight_writers_misses_nothing",
    ),
    "one day of opening and one of closing": (
        "registry/records/test_life_of_a_record.py::test_close_reopen_close_is_right_on_each_day",
        "registry/records/test_random_histories.py::test_as_of_reads_are_those_of_a_model_that_keeps_every_write",
    ),
    "a merge that deletes its source": (
        "registry/trees/test_merges_and_splits.py::test_a_merge_never_deletes_its_source_and_takes_everything_along",
        "registry/duplicates/test_merging.py::test_the_record_that_goes_stays_readable_with_its_whole_history",
    ),
    "thresholds in the code": (
        "shared/statistics/test_parameters.py::test_every_parameter_has_a_unit_and_every_value_a_basis",
        "shared/statistics/test_parameters.py::test_a_value_holds_from_its_day_on_and_not_before",
    ),
    "an approval that hides what was before": (
        "registry/periods/test_periods.py::test_reopening_leaves_the_earlier_figures_visible_and_marked",
        "registry/periods/test_submissions.py::test_figures_that_changed_since_have_to_be_handed_in_again",
    ),
    "a change that overwrites a change": (
        "registry/records/test_life_of_a_record.py::test_a_change_without_the_etag_is_refused_and_with_an_old_one_too",
        "registry/records/test_writers_race.py::test_nobodys_change_is_lost_when_many_change_one_record",
    ),
    "a correction of the past that undoes a later change": (
        "registry/records/test_life_of_a_record.py::test_a_correction_of_the_past_leaves_later_changes_of_other_fields_alone",
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_has_tests_that_are_there(trap):
    for place in TRAPS[trap]:
        path, _, name = place.partition("::")
        tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
        assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}, place


def test_no_route_ignores_a_parameter_that_it_does_not_know(registry: Registry):
    """Protocols of others are the exception: their clients send parameters of their own."""
    asked = 0
    for route in iterate_routes(registry.app):
        if "GET" not in (route.methods or ()) or not route.path.startswith("/v1/") or "/reconciliation/" in route.path:
            continue
        path = route.path
        for name in route.param_convertors:
            path = path.replace("{" + name + "}", "x")
        answer = registry.get(path, params={"no_such_parameter": "1"})
        assert answer.status_code == 400, (path, answer.text)
        assert answer.json()["errors"][0]["pointer"] == "parameter no_such_parameter", path
        asked += 1
    assert asked > 100


CALLS, TOWNS = 1_000, (TOWN_A, TOWN_B, "990121103000", "990121104000")


def test_a_thousand_calls_of_many_people_at_once_show_nobody_a_foreign_row(county: Registry):
    own = settle(county)
    chance = random.Random(7)
    calls = [(chance.randrange(len(TOWNS)), chance.randrange(4)) for _ in range(CALLS)]
    headers = [county.headers(f"clerk-{number}") for number in range(len(TOWNS))]

    def shown(town: int, way: int) -> list[str]:
        if way == 0:
            items = county.client.get("/v1/enterprises", headers=headers[town]).json()["items"]
            return sorted(each["uscc"] for each in items)
        if way == 1:
            items = county.client.get("/v1/search", params={"q": "示例"}, headers=headers[town]).json()["items"]
            return sorted(each["key"] for each in items if each["kind"] == "enterprises")
        if way == 2:
            text = county.client.get("/v1/exports/enterprises?format=csv", headers=headers[town]).text
            return sorted(each for keys in own for each in keys if each in text)
        foreign = own[(town + 1) % len(TOWNS)][0]
        status = county.client.get(f"/v1/enterprises/{foreign}", headers=headers[town]).status_code
        return own[town] if status == 404 else [foreign]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda call: shown(*call), calls))

    wrong = [(call, rows) for call, rows in zip(calls, found, strict=True) if rows != own[call[0]]]
    assert not wrong, wrong[:3]


def settle(county: Registry) -> list[list[str]]:
    """Make four townships with a clerk and three enterprises each, and return their codes by township."""
    own = []
    for number, town in enumerate(TOWNS):
        if number > 1:
            county.made("/v1/divisions", code=town, name=f"乡{number}", level="town", parent=COUNTY)
        unit = county.made("/v1/units", name=f"乡党委{number}", kind="township", division=town)["id"]
        county.enrol(f"clerk-{number}", "township_clerk", unit=unit)
        keys = [code(10 * number + each) for each in (1, 2, 3)]
        for key in keys:
            county.made("/v1/enterprises", uscc=key, name=f"示例{key[-3:]}厂", division=town)
        own.append(sorted(keys))
    return own
