"""Merges and splits: the old node stays and names its successor, everything that named it names the new one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from heli_registry.successions.repository import fields_naming
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B

VILLAGE, TOWN_C = "990121101001", "990121103000"
DAY = "2026-06-15"


@pytest.fixture
def places(county):
    """Township A with a village, a zone, two enterprises and an organisation; township B with one enterprise."""
    county.made("/v1/divisions", code=VILLAGE, name="台上村", level="village", parent=TOWN_A)
    county.made("/v1/zones", id="zon-1", name="城东工业园", kind="park", division=TOWN_A)
    for number, town in ((1, TOWN_A), (2, TOWN_A), (3, TOWN_B)):
        county.made(
            "/v1/enterprises", uscc=code(number), name=f"企业{number}", division=town, registered_on="2020-01-01"
        )
    county.made(
        "/v1/party-organizations", id="org-1", name="甲支部", kind="branch", setup_form="sole", division=TOWN_A,
        established_on="2021-01-01",
    )  # fmt: skip
    return county


def merged(county, body, key=TOWN_A, plural="divisions", **more):
    return county.act(f"/v1/{plural}/{key}/merge", body, **more)


def split(county, body, key=TOWN_A, plural="divisions"):
    return county.act(f"/v1/{plural}/{key}/split", body)


def everything(county):
    plurals = ("divisions", "zones", "units", "enterprises", "party-organizations", "successions", "sectors")
    return {plural: county.get(f"/v1/{plural}", params={"limit": 200}).json() for plural in plurals}


def test_a_merge_never_deletes_its_source_and_takes_everything_along(places):
    before = {
        plural: places.get(f"/v1/{plural}", params={"on": "2026-06-14"}).json()
        for plural in ("divisions", "enterprises")
    }

    done = merged(places, {"into": TOWN_B, "reason": "乡镇撤并", "document": "合政〔2026〕5号", "effective_on": DAY})

    assert (done.status_code, done.json()) == (
        200,
        {
            "key": TOWN_A,
            "effective_on": DAY,
            "dry_run": False,
            "moves": [
                {"kind": "divisions", "field": "parent", "successor": TOWN_B, "records": 1},
                {"kind": "enterprises", "field": "division", "successor": TOWN_B, "records": 2},
                {"kind": "party-organizations", "field": "division", "successor": TOWN_B, "records": 1},
                {"kind": "units", "field": "division", "successor": TOWN_B, "records": 1},
                {"kind": "zones", "field": "division", "successor": TOWN_B, "records": 1},
            ],
        },
    )
    source = places.get(f"/v1/divisions/{TOWN_A}").json()
    assert (source["state"], source["closed_on"], source["closed_reason"]) == (
        "closed",
        DAY,
        f"并入 {TOWN_B}：乡镇撤并",
    )
    assert places.get(f"/v1/divisions/{VILLAGE}").json()["parent"] == TOWN_B
    (succession,) = places.get("/v1/successions", params={"predecessor": TOWN_A}).json()["items"]
    assert {name: succession[name] for name in ("node", "successor", "form", "document")} == {
        "node": "division", "successor": TOWN_B, "form": "merge", "document": "合政〔2026〕5号",
    }  # fmt: skip
    for plural, page in before.items():
        then = places.get(f"/v1/{plural}", params={"on": "2026-06-14"}).json()
        assert [strip(each) for each in then["items"]] == [strip(each) for each in page["items"]]


def strip(record):
    return {name: value for name, value in record.items() if name != "version"}


def test_a_dry_run_tells_the_same_and_changes_nothing(places):
    before = everything(places)

    told = merged(places, {"into": TOWN_B, "reason": "试", "effective_on": DAY, "dry_run": True}).json()

    assert everything(places) == before
    done = merged(places, {"into": TOWN_B, "reason": "试", "effective_on": DAY}).json()
    assert (told["moves"], told["dry_run"], done["dry_run"]) == (done["moves"], True, False)


def test_the_path_of_a_node_is_that_of_the_day(places):
    merged(places, {"into": TOWN_B, "reason": "撤并", "effective_on": DAY})
    path = f"/v1/trees/territory/nodes/{VILLAGE}/path"

    then, now = (
        [each["key"] for each in places.get(path, params={"on": day}).json()["items"]] for day in ("2026-06-14", DAY)
    )

    assert (then, now) == ([COUNTY, TOWN_A, VILLAGE], [COUNTY, TOWN_B, VILLAGE])


def test_a_split_gives_each_record_its_new_place(places):
    body = {
        "parts": [
            {"key": TOWN_C, "name": "城东街道", "takes": {"enterprises": [code(2)], "zones": ["zon-1"]}},
            {"key": "990121104000", "name": "城西街道", "takes_rest": True},
        ],
        "reason": "析置", "effective_on": DAY,
    }  # fmt: skip

    done = split(places, body)

    assert done.status_code == 200, done.text
    new = places.get(f"/v1/divisions/{TOWN_C}").json()
    assert (new["name"], new["level"], new["parent"], new["state"]) == ("城东街道", "town", COUNTY, "open")
    assert places.get(f"/v1/divisions/{TOWN_C}", params={"on": "2026-06-14"}).status_code == 404
    assert [places.get(f"/v1/enterprises/{code(number)}").json()["division"] for number in (1, 2, 3)] == [
        "990121104000", TOWN_C, TOWN_B,
    ]  # fmt: skip
    assert places.get("/v1/zones/zon-1").json()["division"] == TOWN_C
    found = places.get("/v1/successions", params={"predecessor": TOWN_A}).json()["items"]
    assert sorted((each["successor"], each["is_rest"]) for each in found) == [(TOWN_C, False), ("990121104000", True)]


def test_a_split_that_leaves_something_homeless_is_refused_with_the_list(places):
    before = everything(places)
    body = {
        "parts": [{"key": TOWN_C, "name": "甲", "takes": {"enterprises": [code(1)]}}, {"key": TOWN_B}],
        "reason": "析置",
    }

    answer = split(places, body)

    assert answer.status_code == 409
    assert {(each["kind"], each["key"]) for each in answer.json()["records"]} == {
        ("divisions", VILLAGE), ("enterprises", code(2)), ("party-organizations", "org-1"), ("units", "unt-a"),
        ("zones", "zon-1"),
    }  # fmt: skip
    assert everything(places) == before


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([{"key": TOWN_C}, {"key": TOWN_B, "takes_rest": True}], "没有这个承接对象"),
        ([{"key": TOWN_B, "name": "甲"}, {"key": TOWN_C, "name": "乙", "takes_rest": True}], "编号已被占用"),
        ([{"key": TOWN_A}, {"key": TOWN_B, "takes_rest": True}], "不能是自身，也不能重复"),
        (
            [{"key": TOWN_B, "takes": {"enterprises": [code(3)]}}, {"key": TOWN_C, "name": "甲", "takes_rest": True}],
            "不属于该对象",
        ),
    ],
)
def test_parts_that_cannot_be_are_refused(places, parts, words):
    before = everything(places)

    answer = split(places, {"parts": parts, "reason": "析置"})

    assert answer.status_code == 422
    assert words in str(answer.json()["errors"])
    assert everything(places) == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"into": "990121999000", "reason": "试"}, 422),
        ({"into": COUNTY, "reason": "试"}, 422),
        ({"into": TOWN_A, "reason": "试"}, 422),
        ({"into": TOWN_B, "reason": "试", "effective_on": "2026-07-02"}, 422),
        ({"into": TOWN_B}, 422),
    ],
)
def test_a_merge_into_nowhere_or_another_level_is_refused(places, body, status):
    before = everything(places)

    assert merged(places, body).status_code == status
    assert everything(places) == before


def test_what_came_after_the_day_of_a_merge_dated_back_goes_on_to_the_new_node_on_the_day_it_came(places):
    assert places.patch(f"/v1/enterprises/{code(3)}", {"division": TOWN_A, "effective_on": "2026-06-20"}).is_success
    late = places.made("/v1/enterprises", uscc=code(4), name="新企业", division=TOWN_A, registered_on="2026-06-25")
    places.made("/v1/divisions", code=TOWN_C, name="城东街道", level="town", parent=COUNTY)

    done = merged(places, {"into": TOWN_C, "reason": "撤并", "effective_on": DAY})

    assert done.status_code == 200, done.text
    assert {"kind": "enterprises", "field": "division", "successor": TOWN_C, "records": 4} in done.json()["moves"]
    path = f"/v1/enterprises/{code(3)}"
    divisions = [places.get(path, params={"on": day}).json()["division"] for day in (DAY, "2026-06-19", "2026-06-20")]
    assert divisions == [TOWN_B, TOWN_B, TOWN_C]
    history = places.get(f"/v1/enterprises/{late['uscc']}/history").json()["items"]
    assert [(each["operation"], each["effective_on"]) for each in history] == [
        ("create", "2026-06-25"), ("change", "2026-06-25"),
    ]  # fmt: skip
    assert places.get(f"/v1/enterprises/{late['uscc']}").json()["division"] == TOWN_C


def test_a_node_that_closed_later_is_not_merged_before_and_takes_nothing_over(places):
    merged(places, {"into": TOWN_B, "reason": "撤并", "effective_on": "2026-06-20"})

    again = merged(places, {"into": TOWN_B, "reason": "撤并", "effective_on": DAY})
    into = merged(places, {"into": TOWN_A, "reason": "撤并", "effective_on": DAY}, key=TOWN_B)

    assert (again.status_code, into.status_code) == (409, 422)


def test_a_node_that_was_opened_again_can_merge_again_and_both_merges_count(places):
    places.made("/v1/divisions", code=TOWN_C, name="城东街道", level="town", parent=COUNTY)
    merged(places, {"into": TOWN_B, "reason": "撤并", "effective_on": "2026-03-01"})
    places.act(f"/v1/divisions/{TOWN_A}/reopen", {"effective_on": "2026-04-01"})
    places.patch(f"/v1/enterprises/{code(1)}", {"division": TOWN_A, "effective_on": "2026-04-02"})
    merged(places, {"into": TOWN_C, "reason": "撤并", "effective_on": "2026-05-01"})

    def counted(day, structure):
        query = {"on": day, "structure": structure}
        items = places.get("/v1/trees/territory/counts", params=query).json()["items"]
        return {each["key"]: each["enterprises"] for each in items if each["enterprises"] and each["key"] != COUNTY}

    assert [counted(day, "then") for day in ("2026-02-28", "2026-04-02", "2026-05-01")] == [
        {TOWN_A: 2, TOWN_B: 1}, {TOWN_A: 1, TOWN_B: 2}, {TOWN_B: 2, TOWN_C: 1},
    ]  # fmt: skip
    assert [counted(day, "now") for day in ("2026-02-28", "2026-04-02", "2026-05-01")] == [
        {TOWN_B: 3}, {TOWN_B: 2, TOWN_C: 1}, {TOWN_B: 2, TOWN_C: 1},
    ]  # fmt: skip


def test_what_stands_in_a_zone_goes_with_the_zone_unless_it_is_named(places):
    for number in (1, 2):
        places.patch(f"/v1/enterprises/{code(number)}", {"zone": "zon-1"})
    parts = [
        {"key": TOWN_C, "name": "城东街道", "takes": {"zones": ["zon-1"]}},
        {"key": TOWN_B, "takes": {"enterprises": [code(2)]}, "takes_rest": True},
    ]

    assert split(places, {"parts": parts, "reason": "析置"}).status_code == 200

    assert [places.get(f"/v1/enterprises/{code(number)}").json()["division"] for number in (1, 2)] == [TOWN_C, TOWN_B]


def test_who_decided_something_once_stays_who_decided_it(places):
    places.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    places.made("/v1/people", id="per-1", unit="unt-a", name="王小明")
    places.made("/v1/assignments", id="asg-1", person="per-1", role="contact_leader", enterprise=code(1), unit="unt-a")
    decision = {"assignment": "asg-1", "outcome": "mature", "decided_on": "2026-06-01", "evidence": "运转规范"}
    decided = places.made("/v1/maturity-decisions", decided_by="unt-a", **decision)
    project = {"name": "项目", "division": TOWN_A, "stage": "listed", "approving_unit": "unt-a", "unit": "unt-a"}
    places.made("/v1/guidance-projects", id="gpr-1", **project)

    assert merged(places, {"into": "unt-b", "reason": "合并"}, key="unt-a", plural="units").status_code == 200

    assert places.get(f"/v1/maturity-decisions/{decided['id']}").json()["decided_by"] == "unt-a"
    found = places.get("/v1/guidance-projects/gpr-1").json()
    assert (found["approving_unit"], found["unit"]) == ("unt-a", "unt-b")


def test_a_unit_that_answers_for_fields_hands_them_over_before_it_goes(places):
    places.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    steward = {"kind": "enterprise", "field": "staff", "steward": "unt-a", "basis": "合数〔2026〕1号"}
    places.made("/v1/field-stewards", id="fst-1", **steward)

    answer = merged(places, {"into": "unt-b", "reason": "合并"}, key="unt-a", plural="units")
    places.act("/v1/field-stewards/fst-1/close", {"reason": "移交"})
    after = merged(places, {"into": "unt-b", "reason": "合并"}, key="unt-a", plural="units")

    assert (answer.status_code, answer.json()["records"]) == (
        409, [{"kind": "field-stewards", "field": "steward", "key": "fst-1"}],
    )  # fmt: skip
    assert after.status_code == 200


FOLLOWING = {
    "division": {
        "division.parent", "enterprise.division", "form.division", "guidance_project.division", "instructor.division",
        "party_organization.division", "secretary_candidate.division", "unit.division", "zone.division",
    },
    "zone": {
        "enterprise.zone", "guidance_project.zone", "instructor.zone", "party_organization.zone",
        "secretary_candidate.zone", "unit.zone",
    },
    "sector": {"enterprise.sector", "sector.parent"},
    "unit": {
        "affiliation.superior", "assignment.unit", "correction_request.unit", "dispute.owner",
        "enterprise.responsible_unit",
        "form.unit", "guidance_project.unit", "instructor.unit", "pairing.unit", "person.unit", "principal.unit",
        "secretary_candidate.unit",
        "sector.lead_unit", "sharing_agreement.unit", "subscription.unit", "transfer.from_superior",
        "transfer.to_superior", "unit.parent", "zone.unit",
    },
}  # fmt: skip
"""What follows when a node goes: a new field that names a node stands here, in KEPT_FACTS or in HELD; decide which."""


def test_every_field_that_names_a_node_is_known_to_follow_it_or_to_stay():
    found = {entity: {f"{kind.entity}.{name}" for kind, name in fields_naming(entity)} for entity in FOLLOWING}

    assert found == FOLLOWING


@pytest.fixture
def sectors(county):
    """Three sectors: one for information with two codes, a new trade, another; enterprises by code and by name."""
    county.made("/v1/sectors", id="sct-it", name="信息行业", industries=["I64", "I65"])
    county.made("/v1/sectors", id="sct-net", name="互联网行业", industries=["I641"])
    for number, body in ((1, {"industry": "I6510"}), (2, {"industry": "I6420"}), (3, {"sector": "sct-it"})):
        registered = {"name": f"企业{number}", "division": TOWN_A, "registered_on": "2020-01-01"}
        county.made("/v1/enterprises", uscc=code(number), **registered, **body)
    return county


def by_sector(county, day, structure="then"):
    query = {"on": day, "structure": structure}
    items = county.get("/v1/trees/sector/counts", params=query).json()["items"]
    return {each["key"]: each["enterprises"] for each in items if each["enterprises"]}


def test_a_merged_sector_hands_its_industries_over(sectors):
    done = merged(sectors, {"into": "sct-net", "reason": "归并", "effective_on": DAY}, key="sct-it", plural="sectors")

    assert done.status_code == 200, done.text
    assert sectors.get("/v1/sectors/sct-net").json()["industries"] == ["I641", "I64", "I65"]
    assert sectors.get("/v1/sectors/sct-net", params={"on": "2026-06-14"}).json()["industries"] == ["I641"]
    assert [by_sector(sectors, day) for day in ("2026-06-14", DAY)] == [{"sct-it": 3}, {"sct-net": 3}]
    assert by_sector(sectors, "2026-06-14", "now") == {"sct-net": 3}


def test_a_split_sector_gives_each_part_its_codes(sectors):
    soft = {"key": "sct-soft", "name": "软件行业", "industries": ["I65"]}
    rest = {"key": "sct-rest", "name": "其他信息行业", "takes_rest": True}
    body = {"reason": "细分", "effective_on": DAY}

    done = split(sectors, {"parts": [soft, rest], **body}, key="sct-it", plural="sectors")

    assert done.status_code == 200, done.text
    assert [sectors.get(f"/v1/sectors/{key}").json()["industries"] for key in ("sct-soft", "sct-rest")] == [
        ["I65"], ["I64"],
    ]  # fmt: skip
    assert by_sector(sectors, DAY) == {"sct-soft": 1, "sct-rest": 2}
    assert by_sector(sectors, "2026-06-14", "now") == {"sct-soft": 1, "sct-rest": 2}


def test_codes_that_nobody_would_hold_and_codes_of_what_is_no_sector_are_refused(sectors):
    parts = [{"key": "sct-a", "name": "甲", "industries": ["I65"]}, {"key": "sct-b", "name": "乙"}]
    parts[1]["takes"] = {"enterprises": [code(3)]}

    left = split(sectors, {"parts": parts, "reason": "细分"}, key="sct-it", plural="sectors")
    odd = split(
        sectors,
        {"parts": [{"key": TOWN_C, "name": "甲", "industries": ["I65"]}, {"key": TOWN_B, "takes_rest": True}],
         "reason": "析置"},
    )  # fmt: skip

    assert (left.status_code, left.json()["records"]) == (
        409, [{"kind": "sectors", "field": "industries", "key": "I64"}],
    )  # fmt: skip
    assert (odd.status_code, odd.json()["errors"][0]["pointer"]) == (422, "/parts/0/industries")


def test_a_new_node_has_a_key_of_the_right_form(places):
    parts = [{"key": "town-1", "name": "甲"}, {"key": TOWN_B, "takes_rest": True}]

    answer = split(places, {"parts": parts, "reason": "析置"})

    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (422, "编号格式不对")


def test_two_merges_of_the_same_node_at_once_have_one_effect(places):
    places.made("/v1/divisions", code=TOWN_C, name="城东街道", level="town", parent=COUNTY)
    etag = places.get(f"/v1/divisions/{TOWN_A}").headers["etag"]

    def merge(into):
        body, headers = {"into": into, "reason": "撤并"}, {"If-Match": etag}
        return places.call("POST", f"/v1/divisions/{TOWN_A}/merge", json=body, headers=headers).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(merge, (TOWN_B, TOWN_C)))

    assert sorted(statuses) == [200, 412]
    (succession,) = places.get("/v1/successions").json()["items"]
    homes = {places.get(f"/v1/enterprises/{code(number)}").json()["division"] for number in (1, 2)}
    assert homes == {succession["successor"]}


def test_what_had_left_after_the_day_is_moved_on_the_day_and_stays_where_it_went(places):
    places.made("/v1/divisions", code=TOWN_C, name="城东街道", level="town", parent=COUNTY)
    places.patch(f"/v1/enterprises/{code(1)}", {"division": TOWN_C, "effective_on": "2026-06-20"})

    merged(places, {"into": TOWN_B, "reason": "撤并", "effective_on": DAY})

    path = f"/v1/enterprises/{code(1)}"
    divisions = [places.get(path, params={"on": day}).json()["division"] for day in ("2026-06-14", DAY, "2026-06-20")]
    assert divisions == [TOWN_A, TOWN_B, TOWN_C]
    assert places.get(path).json()["division"] == TOWN_C


def test_units_merge_with_their_people_principals_and_affiliations(places):
    places.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    places.made("/v1/units", id="unt-c", name="下级", kind="department", parent="unt-a")
    places.made("/v1/people", id="per-1", unit="unt-a", name="王小明")
    places.made("/v1/affiliations", id="aff-1", organization="org-1", superior="unt-a", kind="territory")

    done = merged(places, {"into": "unt-b", "reason": "合并"}, key="unt-a", plural="units")

    assert done.status_code == 200, done.text
    assert places.get("/v1/units/unt-c").json()["parent"] == "unt-b"
    assert places.get("/v1/people/per-1").json()["unit"] == "unt-b"
    assert places.get("/v1/affiliations/aff-1").json()["superior"] == "unt-b"
    seen = places.get("/v1/enterprises", by="clerk_a").json()["items"]  # the clerk's unit is now that of township B
    assert [each["uscc"] for each in seen] == [code(3)]


def test_nothing_merges_into_what_stands_below_it(places):
    places.made("/v1/units", id="unt-c", name="下级", kind="department", parent="unt-a")
    places.made("/v1/units", id="unt-d", name="下下级", kind="department", parent="unt-c")

    answer = merged(places, {"into": "unt-d", "reason": "合并"}, key="unt-a", plural="units")

    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (422, "不能是其下级")


def test_a_node_merges_once_and_only_the_county_merges(places):
    assert merged(places, {"into": TOWN_B, "reason": "撤并"}, by="clerk_a").status_code == 403
    assert merged(places, {"into": TOWN_B, "reason": "撤并"}).status_code == 200
    assert merged(places, {"into": TOWN_B, "reason": "撤并"}).status_code == 409


def test_a_new_child_unit_is_seen_at_once_after_a_merge(places):
    merged(places, {"into": TOWN_B, "reason": "撤并", "effective_on": DAY})
    places.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    places.enrol("clerk_b", "township_clerk", unit="unt-b")

    assert places.get("/v1/enterprises", by="clerk_b").json()["total"] == 3
