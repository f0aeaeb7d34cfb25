"""What every kind of record promises, shown on enterprises: create, change, close, re-open, and nothing is lost."""

import pytest

from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B, Registry

PATH = f"/v1/enterprises/{code(1)}"


@pytest.fixture
def one(county: Registry) -> Registry:
    """A county with one enterprise, listed since 2015."""
    county.made("/v1/enterprises", uscc=code(1), name="甲公司", division=TOWN_A, registered_on="2015-03-01", staff=40)
    return county


def test_a_code_can_be_registered_once(one: Registry):
    again = one.post("/v1/enterprises", {"uscc": code(1), "name": "乙公司", "division": TOWN_A})

    assert again.status_code == 409
    assert again.json()["type"] == "urn:heli:problem:conflict"
    assert one.get(PATH).json()["name"] == "甲公司"


def test_a_new_enterprise_holds_since_its_registration(one: Registry):
    assert one.get(f"{PATH}?on=2015-03-01").status_code == 200
    assert one.get(f"{PATH}?on=2015-02-28").status_code == 404


def test_a_change_without_the_etag_is_refused_and_with_an_old_one_too(one: Registry):
    first = one.get(PATH).headers["etag"]
    assert one.call("PATCH", PATH, json={"staff": 41}).status_code == 428

    assert one.patch(PATH, {"staff": 41}, etag=first).status_code == 200
    late = one.patch(PATH, {"staff": 42}, etag=first)

    assert late.status_code == 412
    assert late.json()["current_etag"] == one.get(PATH).headers["etag"]
    assert one.get(PATH).json()["staff"] == 41


def test_a_weak_etag_is_not_taken(one: Registry):
    etag = one.get(PATH).headers["etag"]
    assert one.patch(PATH, {"staff": 41}, etag=f"W/{etag}").status_code == 412


def test_a_blank_never_blanks_and_null_clears(one: Registry):
    one.patch(PATH, {"address": "解放路1号"})

    assert one.get(PATH).json()["staff"] == 40
    assert one.patch(PATH, {"staff": None}).json()["staff"] is None
    assert one.patch(PATH, {"address": ""}).status_code == 422
    assert one.patch(PATH, {"name": None}).status_code == 422
    assert one.get(PATH).json()["address"] == "解放路1号"


def test_an_equal_change_writes_nothing(one: Registry):
    before = one.get(PATH)
    same = one.patch(PATH, {"staff": 40, "name": "甲公司"})

    assert same.status_code == 200
    assert same.headers["etag"] == before.headers["etag"]
    assert len(one.get(f"{PATH}/history").json()["items"]) == 1


def test_a_correction_of_the_past_leaves_later_changes_of_other_fields_alone(one: Registry):
    one.patch(PATH, {"staff": 120, "effective_on": "2025-01-01"})
    one.patch(PATH, {"name": "甲股份公司", "effective_on": "2026-02-01"})
    known = int(one.get(PATH).headers["etag"].strip('"'))

    one.patch(PATH, {"staff": 60, "address": "新址", "effective_on": "2020-06-01"})

    def at(query: str) -> tuple:
        record = one.get(f"{PATH}?{query}").json()
        return record["name"], record["staff"], record["address"]

    assert at("") == ("甲股份公司", 120, "新址")
    assert at("on=2020-05-31") == ("甲公司", 40, None)
    assert at("on=2020-06-01") == ("甲公司", 60, "新址")
    assert at("on=2025-01-01") == ("甲公司", 120, "新址")
    assert at(f"on=2020-06-01&known_at={known}") == ("甲公司", 40, None)
    assert at(f"known_at={known}") == ("甲股份公司", 120, None)


def test_close_reopen_close_is_right_on_each_day(one: Registry):
    one.act(f"{PATH}/close", {"reason": "停业", "effective_on": "2020-01-10"})
    one.act(f"{PATH}/reopen", {"effective_on": "2021-01-10"})
    one.act(f"{PATH}/close", {"reason": "注销", "effective_on": "2022-01-10"})

    states = {day: one.get(f"{PATH}?on={day}").json()["state"] for day in ("2020-01-09", "2020-01-10", "2021-01-10")}
    assert states == {"2020-01-09": "open", "2020-01-10": "closed", "2021-01-10": "open"}
    last = one.get(PATH).json()
    assert (last["state"], last["closed_on"], last["closed_reason"]) == ("closed", "2022-01-10", "注销")
    assert one.act(f"{PATH}/close", {"reason": "再次注销"}).status_code == 409
    assert [line["operation"] for line in one.get(f"{PATH}/history").json()["items"]] == [
        "create", "close", "reopen", "close",
    ]  # fmt: skip


def test_history_tells_who_changed_what_from_what_to_what(one: Registry):
    one.patch(PATH, {"staff": 55, "effective_on": "2026-05-01"})

    line = one.get(f"{PATH}/history").json()["items"][-1]

    assert line["actor"] == "prn-admin"
    assert line["effective_on"] == "2026-05-01"
    assert line["changes"] == [{"field": "staff", "before": 40, "after": 55}]


@pytest.mark.parametrize(
    "body",
    [
        {"effective_on": "2026-07-02"},
        {"effective_on": "2015-02-28"},
        {"effective_on": "yesterday"},
        {"division": "990199000000"},
        {"zone": "zon-none"},
        {"responsible_unit": "unt-none"},
        {"duplicate_of": code(1)},
        {"duplicate_of": code(9)},
        {"registered_on": "2030-01-01"},
        {"staff": -1},
        {"staff": "12"},
        {"staff": 12.5},
        {"staff": True},
        {"has_premises": "yes"},
        {"annual_revenue": 12.5},
        {"annual_revenue": "1e9"},
        {"ownership": "unknown"},
        {"name": "甲\u0007公司"},
        {"shareholder": "x"},
    ],
)
def test_bad_content_is_refused_field_by_field_and_changes_nothing(one: Registry, body: dict):
    before = one.get(PATH)
    refused = one.patch(PATH, {"address": "不会写入", **body})

    assert refused.status_code == 422, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert one.get(PATH).json() == before.json()


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": NaN}', b'{"staff": 1e400}', b'{"name": "\\ud800"}', b'{"name": "a\\u0000"}',
        b'{"staff": 99999999999999999999999}', b'{"staff": ' + b"9" * 5000 + b"}", b"[" * 1000 + b"]" * 1000, b"{",
        b"\xff\xfe", b'{"name": "a", "name": "b"}',
    ],
)  # fmt: skip
def test_deadly_bodies_are_a_plain_refusal(one: Registry, body: bytes):
    headers = {"If-Match": one.get(PATH).headers["etag"], "Content-Type": "application/json"}
    refused = one.call("PATCH", PATH, content=body, headers=headers)

    assert refused.status_code == 400, refused.text
    assert refused.json()["type"] == "urn:heli:problem:bad-request"


def test_a_value_that_was_refused_is_not_echoed(one: Registry):
    refused = one.post("/v1/enterprises", {"uscc": "13800138000", "name": ["13900139000"]})

    assert refused.status_code == 422
    assert "138" not in refused.text
    assert "139" not in refused.text


def test_an_impossible_credit_code_is_refused_with_the_reason(county: Registry):
    wrong = code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")
    refused = county.post("/v1/enterprises", {"uscc": wrong, "name": "甲公司", "division": TOWN_A})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/uscc"


def test_the_language_of_a_refusal_follows_the_caller(one: Registry):
    chinese = one.get("/v1/enterprises/" + code(2))
    english = one.get("/v1/enterprises/" + code(2), headers={"Accept-Language": "en-GB,en;q=0.9"})

    assert chinese.json()["title"] == "没有找到"
    assert english.json()["title"] == "Not found"
    assert chinese.json()["type"] == english.json()["type"]


def test_one_key_one_effect_one_reply(county: Registry):
    body = {"name": "城东工业园", "kind": "park", "division": COUNTY}
    replies = [county.post("/v1/zones", body, headers={"Idempotency-Key": "k-1"}) for _ in range(3)]

    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.content for reply in replies}) == 1
    assert county.get("/v1/zones").json()["total"] == 1
    other = county.post("/v1/zones", {**body, "name": "城西工业园"}, headers={"Idempotency-Key": "k-1"})
    assert other.status_code == 422


def test_a_refused_request_leaves_its_key_free(county: Registry):
    bad = {"name": "园", "kind": "park", "division": "990199000000"}
    assert county.post("/v1/zones", bad, headers={"Idempotency-Key": "k-2"}).status_code == 422
    good = {**bad, "division": COUNTY}
    assert county.post("/v1/zones", good, headers={"Idempotency-Key": "k-2"}).status_code == 201


def test_an_unknown_parameter_is_refused_and_known_ones_are_echoed(one: Registry):
    refused = one.get("/v1/enterprises?divison=990121")
    assert refused.status_code == 400
    assert refused.json()["errors"] == [{"pointer": "parameter divison", "detail": "没有这个参数"}]

    assert one.get("/v1/enterprises?division=990121&name=甲").json()["filters"] == {"division": "990121", "name": "甲"}


def test_pages_follow_one_another_without_gap_or_repeat(county: Registry):
    codes = sorted(code(number) for number in range(1, 8))
    for each in codes:
        county.made("/v1/enterprises", uscc=each, name=f"公司{each[-4:]}", division=TOWN_B)

    seen, path = [], "/v1/enterprises?limit=3"
    while path:
        page = county.get(path)
        assert page.json()["total"] == 7
        seen += [record["uscc"] for record in page.json()["items"]]
        path = f"/v1/enterprises?limit=3&cursor={page.json()['next']}" if page.json()["next"] else None

    assert seen == codes


@pytest.mark.parametrize(
    "query", ["cursor=abc", "cursor=WzFd", "limit=0", "limit=1001", "limit=x", "on=2026-02-30", "known_at=999999"]
)
def test_bad_parameters_are_refused(one: Registry, query: str):
    assert one.get(f"/v1/enterprises?{query}").status_code == 400


def test_lists_as_of_a_day_equal_the_single_records(one: Registry):
    one.made("/v1/enterprises", uscc=code(2), name="乙公司", division=TOWN_B, registered_on="2024-05-01")
    one.patch(PATH, {"name": "丙公司", "effective_on": "2025-01-01"})

    def names(query: str) -> list[str]:
        return [record["name"] for record in one.get(f"/v1/enterprises?{query}").json()["items"]]

    assert names("on=2024-04-30") == ["甲公司"]
    assert names("on=2024-12-31") == ["甲公司", "乙公司"]
    assert names("on=2025-01-01&name=丙") == ["丙公司"]
    assert names("on=2025-01-01&division=990121102") == ["乙公司"]
    assert names("known_at=5") == []


def test_a_townships_clerk_sees_and_writes_its_township_only(one: Registry):
    one.made("/v1/enterprises", uscc=code(2), name="乙公司", division=TOWN_B)
    one.made("/v1/party-organizations", id="org-b", name="乙支部", kind="branch", setup_form="sole", division=TOWN_B)
    one.made("/v1/covers", id="cov-b", organization="org-b", enterprise=code(2))

    clerk = {"by": "clerk_a"}
    assert one.get("/v1/enterprises", **clerk).json()["total"] == 1
    assert one.get("/v1/enterprises?on=2026-07-01", **clerk).json()["total"] == 1
    for path in (
        f"/v1/enterprises/{code(2)}",
        f"/v1/enterprises/{code(2)}/history",
        "/v1/covers/cov-b",
        "/v1/party-organizations/org-b",
    ):
        assert one.get(path, **clerk).status_code == 404, path
        assert one.get(path).status_code == 200, path
    assert one.get("/v1/covers", **clerk).json()["total"] == 0
    hidden = one.call(
        "PATCH", f"/v1/enterprises/{code(2)}", by="clerk_a", json={"staff": 1}, headers={"If-Match": '"8"'}
    )
    absent = one.call(
        "PATCH", f"/v1/enterprises/{code(3)}", by="clerk_a", json={"staff": 1}, headers={"If-Match": '"8"'}
    )
    assert (hidden.status_code, absent.status_code) == (404, 404)
    foreign = one.post("/v1/enterprises", {"uscc": code(4), "name": "丁公司", "division": TOWN_B}, **clerk)
    assert foreign.status_code == 422
    moved_out = one.patch(PATH, {"division": TOWN_B}, etag=one.get(PATH).headers["etag"], by="clerk_a")
    assert moved_out.status_code == 422


def test_every_door_is_shut_without_a_valid_token(one: Registry):
    for path in ("/v1/enterprises", "/v1/changes", "/v1/exports/ledger", "/v1/openapi.json", "/metrics"):
        assert one.client.get(path).status_code == 401, path
        assert one.client.get(path, headers={"Authorization": "Bearer x.y.z"}).status_code == 401, path
    assert one.client.get("/health/live").status_code == 200


def test_a_body_over_the_limit_is_refused(one: Registry):
    refused = one.call(
        "POST", "/v1/enterprises", content=b" " * 1_100_000, headers={"Content-Type": "application/json"}
    )
    assert refused.status_code == 413
