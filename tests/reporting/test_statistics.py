"""Statistics through HTTP: figures, passports, filters, refusals."""

import hashlib
from datetime import date

import orjson
import pytest

from heli_shared.statistics.dimensions import DIMENSIONS
from heli_shared.statistics.measures import MEASURES
from reporting.world import PARK, TOWN_A, TOWN_B, World


def test_coverage_by_town_counts_enterprises_not_organisations(world: World):
    answer = world.statistics(measure="organization_coverage", by="division:town")

    assert answer["rows"] == [
        {
            "division": {"code": TOWN_A, "name": "甲镇"},
            "organization_coverage": {"value": "0.6000", "numerator": 3, "denominator": 5},
        },
        {
            "division": {"code": TOWN_B, "name": "乙镇"},
            "organization_coverage": {"value": "0.3333", "numerator": 1, "denominator": 3},
        },
    ]
    assert answer["total"] == {"organization_coverage": {"value": "0.5000", "numerator": 4, "denominator": 8}}


def test_every_answer_carries_its_passport(world: World):
    answer = world.statistics(measure=["organization_coverage", "enterprise_count"], division=TOWN_A, on="2026-06-30")
    passport = answer["passport"]

    assert [each["measure"] for each in passport["definitions"]] == ["organization_coverage", "enterprise_count"]
    assert all(each["version"] and each["basis"] and each["definition"] for each in passport["definitions"])
    assert passport["on"] == "2026-06-30"
    assert passport["known_at"] == {"registry": len(world.registry.entries), "assessment": 0}
    assert passport["sources"] == [
        {
            "name": "registry",
            "status": "fresh",
            "epoch": "fake",
            "known_at": len(world.registry.entries),
            "fetched_at": "2026-07-01T02:30:00.000000Z",
            "age_seconds": 0,
            "error": None,
        },
        {
            "name": "assessment",
            "status": "fresh",
            "epoch": "fake",
            "known_at": 0,
            "fetched_at": "2026-07-01T02:30:00.000000Z",
            "age_seconds": 0,
            "error": None,
        },
    ]
    assert passport["stale"] is False
    assert passport["scope"] == {"everything": True, "divisions": [], "zones": []}
    assert passport["computed_at"] == "2026-07-01T02:30:00.000000Z"
    assert answer["filters"] == passport["filters"] == {"division": [TOWN_A]}


def test_the_digest_covers_rows_and_total(world: World):
    answer = world.statistics(measure="organization_coverage", by="division:town")
    figures = orjson.dumps({"rows": answer["rows"], "total": answer["total"]}, option=orjson.OPT_SORT_KEYS)

    assert answer["passport"]["digest"] == "sha256:" + hashlib.sha256(figures).hexdigest()


def test_an_empty_denominator_gives_null_with_its_reason(world: World):
    answer = world.statistics(measure="staff100_with_organization_rate", division=TOWN_A)

    assert answer["total"]["staff100_with_organization_rate"] == {
        "value": None,
        "numerator": 0,
        "denominator": 0,
        "reason": "zero_denominator",
    }


def test_all_measures_of_the_grammar(world: World):
    total = world.statistics(
        measure=[
            "sole_setup_rate",
            "work_coverage_strict",
            "work_coverage_broad",
            "due_established_rate",
            "staff50_with_member_rate",
            "staff100_with_organization_rate",
            "enterprise_count",
        ]
    )["total"]

    assert {name: (cell["value"], cell.get("numerator"), cell.get("denominator")) for name, cell in total.items()} == {
        "sole_setup_rate": ("0.2500", 2, 8),
        "work_coverage_strict": ("0.0000", 0, 4),
        "work_coverage_broad": ("0.5000", 4, 8),
        "due_established_rate": ("0.0000", 0, 2),
        "staff50_with_member_rate": ("0.5000", 1, 2),
        "staff100_with_organization_rate": ("0.0000", 0, 1),
        "enterprise_count": (8, None, None),
    }


def test_organisations_are_counted_apart(world: World):
    answer = world.statistics(measure="organization_count", by="kind")

    assert {row["kind"]["code"]: row["organization_count"]["value"] for row in answer["rows"]} == {
        "branch": 2,
        "joint_branch": 1,
    }
    assert answer["total"] == {"organization_count": {"value": 3}}


def test_filters_narrow_and_are_echoed(world: World):
    answer = world.statistics(
        measure="enterprise_count", zone=PARK, size=["micro", "small", "medium", "large", "unknown"]
    )

    assert answer["total"]["enterprise_count"]["value"] == 1
    assert answer["filters"] == {"zone": [PARK], "size": ["large", "medium", "micro", "small", "unknown"]}


def test_short_division_codes_mean_the_same_division(world: World):
    assert world.statistics(measure="enterprise_count", division="990101001")["filters"] == {"division": [TOWN_A]}


def test_any_past_day_is_answered_as_things_stood_then(world: World):
    world.enterprise(20, TOWN_A, date(2026, 3, 1))
    world.close("cover", "cov-pty-b-" + "91990101MA0000007X", date(2026, 5, 1))
    world.sync()

    days = {
        on: world.statistics(measure="organization_coverage", on=on)["total"]["organization_coverage"]
        for on in ("2026-02-28", "2026-03-01", "2026-04-30", "2026-05-01")
    }
    assert {on: (cell["numerator"], cell["denominator"]) for on, cell in days.items()} == {
        "2026-02-28": (4, 8),
        "2026-03-01": (4, 9),
        "2026-04-30": (4, 9),
        "2026-05-01": (3, 9),
    }


def test_on_and_known_at_are_two_axes(world: World):
    before = len(world.registry.entries)
    world.enterprise(21, TOWN_A, date(2026, 3, 1))
    world.sync()

    def count(**params):
        return world.statistics(measure="enterprise_count", **params)["total"]["enterprise_count"]["value"]

    assert count(on="2026-02-28") == 8
    assert count(on="2026-03-01") == 9
    assert count(on="2026-03-01", known_at=before) == 8
    assert count(on="2026-03-01", known_at=f"registry:{before + 1}") == 9
    answer = world.statistics(
        measure="enterprise_count", on="2026-03-01", known_at=[f"registry:{before}", "assessment:0"]
    )
    assert answer["passport"]["known_at"] == {"registry": before, "assessment": 0}


def test_knowledge_beyond_the_copy_is_refused(world: World):
    assert world.get("/v1/statistics", measure="enterprise_count", known_at=10_000).status_code == 422


def test_closing_and_reopening_counts_each_month_rightly(world: World):
    world.close("enterprise", "91990101MA0000001X", date(2026, 2, 1))
    world.registry.append(
        "enterprise",
        "91990101MA0000001X",
        effective_on=date(2026, 3, 1),
        changes={"state": "open", "closed_reason": None},
        operation="reopen",
    )
    world.close("enterprise", "91990101MA0000001X", date(2026, 4, 1))
    world.sync()

    def count(on):
        return world.statistics(measure="enterprise_count", on=on)["total"]["enterprise_count"]["value"]

    assert [count(on) for on in ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30")] == [8, 7, 8, 7]


@pytest.mark.parametrize(
    ("params", "status", "pointer"),
    [
        ({}, 400, "parameter measure"),
        ({"measure": "nonsense"}, 400, "measure"),
        ({"measure": "enterprise_count", "by": "nonsense"}, 400, "by"),
        ({"measure": "enterprise_count", "by": ["division:town", "division:county"]}, 400, "parameter by"),
        ({"measure": ["enterprise_count", "enterprise_count"]}, 400, "parameter measure"),
        ({"measure": "enterprise_count", "region": "x"}, 400, "parameter region"),
        ({"measure": "enterprise_count", "division": "99x"}, 400, "parameter division"),
        ({"measure": "enterprise_count", "division": "123456"}, 400, "parameter division"),
        ({"measure": "enterprise_count", "zone": "zon-none"}, 400, "parameter zone"),
        ({"measure": "enterprise_count", "size": "huge"}, 400, "parameter size"),
        ({"measure": "enterprise_count", "industry": "c13"}, 400, "parameter industry"),
        ({"measure": "enterprise_count", "on": "2026-02-30"}, 400, "parameter on"),
        ({"measure": "enterprise_count", "on": "2026-07-02"}, 422, "parameter on"),
        ({"measure": "enterprise_count", "known_at": "x"}, 400, "parameter known_at 0"),
        ({"measure": "enterprise_count", "known_at": ["1", "registry:2"]}, 400, "parameter known_at"),
        ({"measure": "organization_count", "by": "industry:section"}, 400, None),
        ({"measure": ["organization_count", "enterprise_count"], "by": "size"}, 400, None),
    ],
)
def test_refusals_name_the_parameter(world: World, params, status, pointer):
    answer = world.get("/v1/statistics", **params)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert pointer is None or answer.json()["errors"][0]["pointer"] == pointer


def test_names_come_in_the_language_asked_for(world: World):
    headers = world.admin | {"Accept-Language": "en"}
    answer = world.statistics(headers, measure="organization_coverage", by="size")

    assert answer["passport"]["definitions"][0]["name"] == "Organisation coverage"
    assert {row["size"]["name"] for row in answer["rows"]} <= {"Micro", "Small", "Medium", "Large", "Unknown"}


def test_the_catalogue_lists_measures_and_dimensions(world: World):
    measures, dimensions = world.get("/v1/measures").json(), world.get("/v1/dimensions").json()

    assert [each["id"] for each in measures["items"]] == list(MEASURES)
    assert [each["text"] for each in dimensions["items"]] == list(DIMENSIONS)
    assert {each["filter"] for each in dimensions["items"]} <= set(dimensions["filters"])


@pytest.mark.parametrize(
    "path", ["/v1/statistics?measure=enterprise_count", "/v1/gaps", "/v1/worklists", "/v1/sources", "/v1/measures"]
)
def test_nothing_is_answered_without_a_token_or_a_permission(world: World, path):
    assert world.client.get(path).status_code == 401
    assert world.client.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert world.get(path, world.person("prn-nobody", [], everything=True)).status_code == 403


def test_a_merged_record_is_counted_once_and_says_why(world: World):
    world.change("enterprise", "91990101MA0000004X", date(2026, 2, 1), duplicate_of="91990101MA0000003X")
    world.sync()
    excluded = world.get("/v1/statistics/rows", measure="enterprise_count", part="excluded").json()

    assert world.statistics(measure="enterprise_count")["total"]["enterprise_count"]["value"] == 7
    assert {row["uscc"]: row["reason"] for row in excluded["items"]} == {
        "91990101MA0000004X": "duplicate",
        "91990101MA0000009X": "state_owned",
    }


def test_enterprises_and_organisations_side_by_side(world: World):
    answer = world.statistics(measure=["enterprise_count", "organization_count"], by="division:town")

    assert [(row["enterprise_count"]["value"], row["organization_count"]["value"]) for row in answer["rows"]] == [
        (5, 2),
        (3, 1),
    ]


def test_lines_stand_as_their_dimension_lists_them_everywhere(world: World):
    for number, staff in ((60, 5), (61, 50), (62, 400), (63, 1500)):
        world.enterprise(
            number, staff=staff, annual_revenue={5: 10, 50: 5_000_000, 400: 25_000_000}.get(staff, 5 * 10**8)
        )
    world.enterprise(64, staff=None)
    world.sync()
    asked = {"measure": "enterprise_count", "by": "size"}

    def codes(rows):
        return [row["size"]["code"] for row in rows]

    wanted = ["large", "medium", "small", "micro", None]
    assert codes(world.statistics(**asked)["rows"]) == wanted
    assert codes(world.statistics(**asked, compare="2026-06-30")["comparison"]["rows"]) == wanted
    for path, more in (
        ("series", {"from": "2026-06-01", "to": "2026-07-01", "every": "month"}),
        ("change", {"from": "2026-06-30"}),
        ("ledger", {}),
    ):
        answer = world.get(f"/v1/statistics/{path}", **asked, **more)
        assert answer.status_code == 200, answer.text
        assert codes(answer.json()["rows"]) == wanted, path
