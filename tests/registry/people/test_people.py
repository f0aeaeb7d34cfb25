"""People over HTTP: sealed at rest, masked on output, every unmasked read recorded, erased for good."""

import pytest

from heli_registry.database import LEDGER
from heli_shared.db.engine import make_engine, transaction
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.reading import page_after
from heli_shared.ledger.verifying import verify_chain

NAME, PHONE = "王小明", "13987654321"
TOWN_B = "990121102000"


@pytest.fixture
def people(county):
    """The county with a person of township A and one of the county's department."""
    county.made("/v1/units", id="unt-dep", name="市场监管局", kind="department", division="990121000000")
    county.made("/v1/people", id="per-a", unit="unt-a", name=NAME, phone="139-8765 4321")
    county.made("/v1/people", id="per-dep", unit="unt-dep", name="赵敏", phone="0571-88001234")
    county.enrol("liaison", "department_liaison", unit="unt-dep")
    return county


def everything_stored(registry):
    tables = [
        row.name
        for row in registry.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if registry.settings.database_url.startswith("sqlite")
            else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        )
    ]
    return "\n".join(str(row) for table in tables for row in registry.rows(f"SELECT * FROM {table}"))  # noqa: S608 - own tables


def test_a_person_is_shown_masked(people):
    shown = people.get("/v1/people/per-a").json()
    assert shown == {
        "id": "per-a",
        "unit": "unt-a",
        "state": "open",
        "closed_on": None,
        "closed_reason": None,
        "version": shown["version"],
        "name": "王**",
        "phone": "139****4321",
        "erased": False,
    }
    listed = people.get("/v1/people").json()
    assert [(each["name"], each["phone"]) for each in listed["items"]] == [
        ("王**", "139****4321"),
        ("赵**", "057****1234"),
    ]


def test_nothing_personal_is_stored_in_clear_or_told_in_answers(people):
    answers = [
        people.post("/v1/people", {"unit": "unt-a", "name": NAME, "phone": PHONE}),
        people.patch("/v1/people/per-a", {"name": NAME, "phone": PHONE}),
        people.get("/v1/people/per-a/history"),
        people.get("/v1/changes?after=0"),
        people.get("/v1/exports/people?format=ndjson"),
        people.get("/v1/exports/ledger?format=ndjson"),
        people.post("/v1/people", {"unit": "unt-none", "name": NAME, "phone": PHONE}),
        people.post("/v1/people", {"unit": "unt-a", "name": NAME, "phone": PHONE + "x"}),
        people.post("/v1/people", {"unit": "unt-a", "name": {"is": NAME}, "phone": [PHONE]}),
        people.post("/v1/people/search", {"phone": PHONE}),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 200, 200, 422, 422, 422, 200]
    for text in (*(answer.text for answer in answers), everything_stored(people)):
        assert NAME not in text
        assert PHONE not in text


def test_the_ledger_knows_a_persons_unit_only(people):
    people.patch("/v1/people/per-a", {"phone": "13900001111"})
    told = [
        row.changes for row in people.rows("SELECT changes FROM ledger_entries WHERE entity = 'person' ORDER BY seq")
    ]
    assert told == ['{"state":"open","unit":"unt-a"}', '{"state":"open","unit":"unt-dep"}', "{}"]
    assert people.get("/v1/people/per-a").json()["phone"] == "139****1111"


def test_a_number_can_be_cleared_a_name_cannot(people):
    assert people.patch("/v1/people/per-a", {"phone": None}).json()["phone"] is None
    assert people.patch("/v1/people/per-a", {"name": None}).status_code == 422
    assert people.patch("/v1/people/per-a", {"name": "  "}).status_code == 422


@pytest.mark.parametrize("written", ["13987654321", "139 8765 4321", "+86-139-8765-4321", "１３９８７６５４３２１"])
def test_a_person_is_found_by_the_exact_number_however_written(people, written):
    found = people.post("/v1/people/search", {"phone": written}).json()
    assert [each["id"] for each in found["items"]] == ["per-a"]
    assert (found["total"], found["items"][0]["name"]) == (1, "王**")


def test_a_part_of_a_number_finds_nobody(people):
    assert people.post("/v1/people/search", {"phone": "1398765432"}).json()["total"] == 0


def test_search_finds_nobody_beyond_the_scope(people):
    found = people.post("/v1/people/search", {"phone": "0571-88001234"}, by="clerk_a")
    assert (found.status_code, found.json()["total"]) == (200, 0)


def test_an_unmasked_read_is_recorded_with_its_purpose(people, clock):
    answer = people.get("/v1/people/per-a/unmasked", params={"purpose": "通知开会"}, by="clerk_a")
    assert answer.json() == {"person": "per-a", "name": NAME, "phone": PHONE}
    assert answer.headers["cache-control"] == "no-store"
    reads = people.get("/v1/people/per-a/unmasked-reads").json()
    assert reads["total"] == 1
    noted = reads["items"][0]
    assert (noted["person"], noted["principal"], noted["unit"], noted["purpose"], noted["read_at"]) == (
        "per-a",
        "prn-clerk_a",
        "unt-a",
        "通知开会",
        clock.now().isoformat().replace("+00:00", "Z"),
    )


def test_unmasked_reads_are_paged_in_order(people):
    for number in range(5):
        people.get("/v1/people/per-a/unmasked", params={"purpose": f"用途{number}"})
    seen, cursor = [], None
    for _ in range(3):
        page = people.get(
            "/v1/people/per-a/unmasked-reads", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
        )
        seen += [each["purpose"] for each in page.json()["items"]]
        cursor = page.json()["next"]
    assert seen == [f"用途{number}" for number in range(5)]
    assert cursor is None


@pytest.mark.parametrize("params", [{}, {"purpose": ""}, {"purpose": "x"}, {"purpose": "a\nb"}])
def test_without_a_purpose_nothing_is_unmasked(people, params):
    assert people.get("/v1/people/per-a/unmasked", params=params).status_code == 400
    assert people.get("/v1/people/per-a/unmasked-reads").json()["total"] == 0


def test_without_the_permission_nothing_is_unmasked(people):
    refused = people.get("/v1/people/per-a/unmasked", params={"purpose": "通知开会"}, by="liaison")
    assert refused.status_code == 403
    assert people.get("/v1/people/per-a/unmasked-reads", by="liaison").status_code == 403


def test_erasing_forgets_the_values_and_keeps_the_chain_valid(people):
    people.get("/v1/people/per-a/unmasked", params={"purpose": "通知开会"})
    etag = people.get("/v1/people/per-a").headers["etag"]
    erased = people.call("POST", "/v1/people/per-a/erase", headers={"If-Match": etag})
    assert erased.status_code == 200
    shown = erased.json()
    assert (shown["name"], shown["phone"], shown["erased"], shown["state"]) == (None, None, True, "closed")
    assert people.rows("SELECT sealed_name, sealed_phone, phone_index FROM people WHERE id = 'per-a'") == [
        (None, None, None)
    ]
    assert people.post("/v1/people/search", {"phone": PHONE}).json()["total"] == 0
    unmasked = people.get("/v1/people/per-a/unmasked", params={"purpose": "核对"}).json()
    assert (unmasked["name"], unmasked["phone"]) == (None, None)
    assert people.get("/v1/people/per-a/unmasked-reads").json()["total"] == 2
    operations = [line["operation"] for line in people.get("/v1/people/per-a/history").json()["items"]]
    assert operations == ["create", "erase"]
    assert_chain_is_valid(people)


def assert_chain_is_valid(registry):
    engine = make_engine(registry.settings.database_url)
    with transaction(engine, writes=False) as session:
        head = read_head(session, LEDGER)
        rows = registry.rows("SELECT * FROM ledger_entries ORDER BY seq")
        assert len(page_after(session, LEDGER, 0, 10_000)) == head.seq
    engine.dispose()
    verdict = verify_chain(rows, head_seq=head.seq, head_hash=head.hash)
    assert (verdict.fault, verdict.entries) == (None, head.seq)


def test_erasing_again_changes_nothing_and_nobody_comes_back(people):
    etag = people.get("/v1/people/per-a").headers["etag"]
    people.call("POST", "/v1/people/per-a/erase", headers={"If-Match": etag})
    etag = people.get("/v1/people/per-a").headers["etag"]
    again = people.call("POST", "/v1/people/per-a/erase", headers={"If-Match": etag})
    assert (again.status_code, again.headers["etag"]) == (200, etag)
    assert people.act("/v1/people/per-a/reopen", {}).status_code == 409
    assert people.patch("/v1/people/per-a", {"name": "别人"}).status_code == 409


def test_erasing_needs_the_version_that_was_read(people):
    assert people.post("/v1/people/per-a/erase").status_code == 428
    stale = people.call("POST", "/v1/people/per-a/erase", headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    assert people.get("/v1/people/per-a").json()["erased"] is False


def test_a_township_sees_its_own_people_and_those_assigned_to_it(people):
    assert [each["id"] for each in people.get("/v1/people", by="clerk_a").json()["items"]] == ["per-a"]
    assert people.get("/v1/people/per-dep", by="clerk_a").status_code == 404
    people.made(
        "/v1/party-organizations",
        id="org-1", name="甲厂党支部", kind="branch", setup_form="sole", division="990121101000", full_members=5,
    )  # fmt: skip
    people.made(
        "/v1/assignments", id="asg-1", person="per-dep", role="instructor", organization="org-1", unit="unt-dep"
    )
    assert [each["id"] for each in people.get("/v1/people", by="clerk_a").json()["items"]] == ["per-a", "per-dep"]
    assert people.get("/v1/people/per-dep", by="clerk_a").json()["name"] == "赵**"
    read = people.get("/v1/people/per-dep/unmasked", params={"purpose": "联系指导员"}, by="clerk_a")
    assert read.json()["name"] == "赵敏"
    people.act("/v1/assignments/asg-1/close", {"reason": "任期届满"})
    assert people.get("/v1/people/per-dep", by="clerk_a").status_code == 404


def test_a_township_changes_its_own_people_only(people):
    people.made(
        "/v1/party-organizations",
        id="org-1", name="甲厂党支部", kind="branch", setup_form="sole", division="990121101000", full_members=5,
    )  # fmt: skip
    people.made("/v1/assignments", person="per-dep", role="instructor", organization="org-1")
    assert people.patch("/v1/people/per-a", {"phone": "13900001111"}, by="clerk_a").status_code == 200
    etag = {"If-Match": people.get("/v1/people/per-dep").headers["etag"]}
    refused = [
        people.patch("/v1/people/per-dep", {"phone": "13900001111"}, by="clerk_a"),
        people.call("POST", "/v1/people/per-dep/erase", by="clerk_a", headers=etag),
        people.call("POST", "/v1/people/per-dep/close", by="clerk_a", headers=etag, json={"reason": "试"}),
        people.patch("/v1/people/per-a", {"unit": "unt-dep"}, by="clerk_a"),
        people.post("/v1/people", {"unit": "unt-dep", "name": "钱"}, by="clerk_a"),
    ]
    assert [answer.status_code for answer in refused] == [403, 403, 403, 422, 422]


@pytest.mark.parametrize(
    "body",
    [
        {"unit": "unt-a"},
        {"name": "钱"},
        {"unit": "unt-a", "name": ""},
        {"unit": "unt-a", "name": "钱", "phone": "12"},
        {"unit": "unt-a", "name": "钱" * 101},
        {"unit": "unt-a", "name": "钱\n七"},
        {"unit": "unt-a", "name": "钱", "sealed_name": "x"},
        {"unit": "unt-a", "name": "钱", "erased": True},
    ],
)
def test_a_bad_person_is_refused_and_nothing_is_stored(people, body):
    assert people.post("/v1/people", body).status_code == 422
    assert people.get("/v1/people").json()["total"] == 2


def test_repeating_under_an_idempotency_key_makes_one_person(people):
    body = {"unit": "unt-a", "name": NAME, "phone": PHONE}
    answers = [people.call("POST", "/v1/people", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert people.get("/v1/people").json()["total"] == 3
    assert NAME not in everything_stored(people)
