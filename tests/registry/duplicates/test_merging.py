"""Merging: one of two records goes, closed and never deleted; what hung on it moves; the past stays as it was."""

import random
from datetime import date, timedelta

import pytest

from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B, Registry

GOES, STAYS, OTHER = code(1), code(2), code(3)


@pytest.fixture
def pair(county: Registry) -> Registry:
    """Two records of one enterprise, each with links; one cover, one liaison and one union are on both."""
    for key, name, more in (
        (GOES, "合力县示例机械有限公司", {"staff": 40, "address": "解放路1号"}),
        (STAYS, "示例机械有限公司", {"staff": 30}),
        (OTHER, "别的有限公司", {}),
    ):
        county.made("/v1/enterprises", uscc=key, name=name, division=TOWN_A, registered_on="2020-01-01", **more)
    for key in ("org-a", "org-b"):
        county.made(
            "/v1/party-organizations", id=key, name=key, kind="branch", setup_form="sole", division=TOWN_A,
            established_on="2020-02-01",
        )  # fmt: skip
    for key in ("per-a", "per-b"):
        county.made("/v1/people", id=key, unit="unt-a", name="王小明")
    since = {"effective_on": "2021-01-01"}
    county.made("/v1/covers", id="cov-1", organization="org-a", enterprise=GOES, **since)
    county.made("/v1/covers", id="cov-2", organization="org-b", enterprise=GOES, **since)
    county.made("/v1/covers", id="cov-3", organization="org-b", enterprise=STAYS, **since)
    county.made("/v1/assignments", id="asg-1", person="per-a", role="liaison", enterprise=GOES, **since)
    county.made("/v1/assignments", id="asg-2", person="per-b", role="instructor", enterprise=GOES, **since)
    county.made("/v1/assignments", id="asg-3", person="per-a", role="liaison", enterprise=STAYS, **since)
    county.made("/v1/mass-organizations", id="mas-1", kind="union", name="甲工会", enterprise=GOES, **since)
    county.made("/v1/mass-organizations", id="mas-2", kind="youth_league", name="甲团支部", enterprise=GOES, **since)
    county.made("/v1/mass-organizations", id="mas-3", kind="union", name="乙工会", enterprise=STAYS, **since)
    return county


def merge(registry: Registry, source: str = GOES, into: str = STAYS, **more):
    by, etag = more.pop("by", "admin"), more.pop("etag", None)
    etag = etag or registry.get(f"/v1/enterprises/{source}").headers["etag"]
    body = {"into": into, "reason": "换发新码后重复登记", **more}
    return registry.post(f"/v1/enterprises/{source}/merge", body, by=by, headers={"If-Match": etag})


def unmerge(registry: Registry, source: str = GOES):
    etag = registry.get(f"/v1/enterprises/{source}").headers["etag"]
    path = f"/v1/enterprises/{source}/unmerge"
    return registry.post(path, {"reason": "核实为两家"}, headers={"If-Match": etag})


def links(registry: Registry, on: str = "") -> dict[str, tuple[str, str]]:
    """Return each link with its enterprise and state."""
    query = {"limit": 100, **({"on": on} if on else {})}
    return {
        item["id"]: (item["enterprise"], item["state"])
        for kind in ("covers", "assignments", "mass-organizations")
        for item in registry.get(f"/v1/{kind}", params=query).json()["items"]
    }


def everything(registry: Registry, on: str) -> dict:
    """Return every record that a merger could touch as it was on a day."""
    return {
        kind: registry.get(f"/v1/{kind}", params={"limit": 100, "on": on}).json()["items"]
        for kind in ("enterprises", "covers", "assignments", "mass-organizations", "party-organizations")
    }


def without_versions(found: dict) -> dict:
    return {
        kind: [{name: value for name, value in item.items() if name != "version"} for item in items]
        for kind, items in found.items()
    }


def test_the_one_that_goes_is_closed_with_its_reason_and_says_which_one_stays(pair):
    answer = merge(pair)

    assert answer.status_code == 201, answer.text
    gone = pair.get(f"/v1/enterprises/{GOES}").json()
    assert (gone["state"], gone["closed_on"], gone["closed_reason"], gone["duplicate_of"]) == (
        "closed", "2026-07-01", "换发新码后重复登记", STAYS,
    )  # fmt: skip
    assert pair.get(f"/v1/enterprises/{STAYS}").json()["state"] == "open"


def test_links_move_and_nothing_is_there_twice(pair):
    merger = merge(pair).json()

    assert links(pair) == {
        "cov-1": (STAYS, "open"), "cov-2": (GOES, "closed"), "cov-3": (STAYS, "open"),
        "asg-1": (GOES, "closed"), "asg-2": (STAYS, "open"), "asg-3": (STAYS, "open"),
        "mas-1": (GOES, "closed"), "mas-2": (STAYS, "open"), "mas-3": (STAYS, "open"),
    }  # fmt: skip
    assert merger["moved"] == [
        "assignment/asg-2",
        "cover/cov-1",
        "mass_organization/mas-2",
    ]
    assert merger["doubled"] == [
        "assignment/asg-1",
        "cover/cov-2",
        "mass_organization/mas-1",
    ]
    assert pair.get(f"/v1/mergers/{merger['id']}").json() == merger


def test_the_record_that_goes_stays_readable_with_its_whole_history(pair):
    merge(pair)
    history = pair.get(f"/v1/enterprises/{GOES}/history").json()["items"]
    assert [line["operation"] for line in history] == ["create", "close"]
    assert pair.rows("SELECT count(*) FROM enterprises") == [(3,)]


def test_fields_are_taken_over_by_choice(pair):
    assert merge(pair, take=["staff", "address"]).json()["taken"] == ["address", "staff"]
    stays = pair.get(f"/v1/enterprises/{STAYS}").json()
    assert (stays["staff"], stays["address"], stays["name"]) == (40, "解放路1号", "示例机械有限公司")


@pytest.mark.parametrize("field", ["duplicate_of", "uscc", "nonsense", "industry"])
def test_a_field_that_is_none_or_says_nothing_cannot_be_taken_over(pair, field):
    before = pair.rows("SELECT seq FROM ledger_head")
    assert merge(pair, take=[field]).status_code == 422
    assert pair.rows("SELECT seq FROM ledger_head") == before


def test_a_merger_of_a_past_day_moves_later_links_on_their_own_day(pair):
    pair.made("/v1/covers", id="cov-4", organization="org-a", enterprise=OTHER, effective_on="2021-01-01")
    pair.patch("/v1/covers/cov-1", {"form": "joint", "effective_on": "2025-03-01"})

    assert merge(pair, effective_on="2024-01-01").status_code == 201

    assert links(pair, "2023-12-31")["cov-1"] == (GOES, "open")
    assert links(pair, "2025-02-28")["cov-1"] == (GOES, "open")
    assert links(pair, "2025-03-01")["cov-1"] == (STAYS, "open")
    assert links(pair, "2024-01-01")["asg-2"] == (STAYS, "open")
    assert links(pair)["cov-4"] == (OTHER, "open")


@pytest.mark.parametrize(("into", "status"), [(GOES, 422), (code(9), 404), ("nonsense", 422)])
def test_only_another_enterprise_that_exists_can_stay(pair, into, status):
    assert merge(pair, into=into).status_code == status


def test_neither_a_closed_one_nor_a_duplicate_can_stay_or_go_again(pair):
    assert merge(pair).status_code == 201
    assert merge(pair).status_code == 409
    assert merge(pair, source=OTHER, into=GOES).status_code == 422


def test_what_was_merged_is_neither_merged_again_on_an_earlier_day_nor_opened_again(pair):
    assert merge(pair, effective_on="2026-05-01").status_code == 201
    before = pair.rows("SELECT seq FROM ledger_head")

    again = merge(pair, into=OTHER, effective_on="2026-03-01")
    opened = pair.act(f"/v1/enterprises/{GOES}/reopen", {"effective_on": "2026-06-01"})

    assert (again.status_code, opened.status_code) == (409, 409)
    assert (STAYS in again.json()["detail"], STAYS in opened.json()["detail"]) == (True, True)
    assert pair.rows("SELECT seq FROM ledger_head") == before
    assert unmerge(pair).status_code == 200


def test_an_enterprise_that_was_opened_again_is_merged_from_that_day_on(pair):
    pair.act(f"/v1/enterprises/{GOES}/close", {"reason": "歇业", "effective_on": "2024-01-01"})
    pair.act(f"/v1/enterprises/{GOES}/reopen", {"effective_on": "2025-01-01"})

    refused = merge(pair, effective_on="2023-06-01")

    assert (refused.status_code, "2025-01-01" in refused.json()["detail"]) == (409, True)
    assert merge(pair, effective_on="2025-01-01").status_code == 201
    assert pair.get(f"/v1/enterprises/{GOES}").json()["state"] == "closed"


def test_a_mark_that_was_cleared_by_hand_ends_the_merger_with_the_next_one(pair):
    first = merge(pair, effective_on="2025-01-01").json()
    pair.patch(f"/v1/enterprises/{GOES}", {"duplicate_of": None})
    assert pair.act(f"/v1/enterprises/{GOES}/reopen", {}).status_code == 200

    second = merge(pair, into=OTHER).json()

    assert pair.get(f"/v1/mergers/{first['id']}").json()["state"] == "closed"
    assert pair.get(f"/v1/mergers/{second['id']}").json()["state"] == "open"
    assert unmerge(pair).status_code == 200
    assert pair.get(f"/v1/enterprises/{GOES}").json()["duplicate_of"] is None


def test_the_etag_is_needed_and_must_be_fresh(pair):
    body = {"into": STAYS, "reason": "重复"}
    assert pair.post(f"/v1/enterprises/{GOES}/merge", body).status_code == 428
    assert merge(pair, etag='"1"').status_code == 412


def test_a_day_before_one_of_them_began_or_to_come_is_refused(pair):
    assert merge(pair, effective_on="2019-12-31").status_code == 422
    assert merge(pair, effective_on="2026-07-02").status_code == 422


def test_a_township_merges_its_own_alone(pair):
    pair.patch(f"/v1/enterprises/{OTHER}", {"division": TOWN_B})
    assert merge(pair, into=OTHER, by="clerk_a").status_code == 404
    assert merge(pair, by="clerk_a").status_code == 201


def test_what_was_merged_before_follows_to_the_one_that_stays_now(pair):
    merge(pair)
    merge(pair, source=STAYS, into=OTHER)
    assert pair.get(f"/v1/enterprises/{GOES}").json()["duplicate_of"] == OTHER
    assert unmerge(pair, STAYS).status_code == 200
    assert pair.get(f"/v1/enterprises/{GOES}").json()["duplicate_of"] == STAYS


def test_an_undone_merger_leaves_everything_as_if_it_had_not_been(pair):
    days = ("2020-06-01", "2024-01-01", "2025-01-01", "2026-07-01")
    before = {day: without_versions(everything(pair, day)) for day in days}
    assert merge(pair, effective_on="2024-06-01", take=["staff", "name", "address"]).status_code == 201
    assert without_versions(everything(pair, "2025-01-01")) != before["2025-01-01"]

    undone = unmerge(pair)

    assert (undone.status_code, undone.json()["state"]) == (200, "closed")
    assert {day: without_versions(everything(pair, day)) for day in days} == before
    assert unmerge(pair).status_code == 409
    assert merge(pair).status_code == 201


def test_what_was_known_before_the_merger_is_known_as_it_was(pair):
    head = pair.rows("SELECT seq FROM ledger_head")[0][0]
    path = f"/v1/enterprises/{GOES}?known_at={head}"
    before = pair.get(path).json()
    merge(pair, effective_on="2024-06-01")
    assert pair.get(path).json() == before


def test_a_merger_cannot_be_undone_once_a_moved_link_was_changed(pair):
    merge(pair)
    pair.patch("/v1/covers/cov-1", {"form": "joint"})
    before = pair.rows("SELECT seq FROM ledger_head")

    answer = unmerge(pair)

    assert (answer.status_code, answer.json()["touched"]) == (409, ["cover/cov-1"])
    assert pair.rows("SELECT seq FROM ledger_head") == before


def test_a_value_that_was_corrected_since_the_merger_survives_its_undoing(pair):
    merge(pair, effective_on="2024-06-01", take=["staff"])
    pair.patch(f"/v1/enterprises/{STAYS}", {"staff": 55, "effective_on": "2025-01-01"})
    assert unmerge(pair).status_code == 200
    assert pair.get(f"/v1/enterprises/{STAYS}").json()["staff"] == 55
    assert pair.get(f"/v1/enterprises/{STAYS}?on=2024-12-31").json()["staff"] == 30


def test_a_merger_is_one_transaction(pair):
    before = pair.rows("SELECT seq FROM ledger_head")[0][0]
    merge(pair)
    every = pair.rows("SELECT entity, operation, recorded_at, seq FROM ledger_entries ORDER BY seq")
    written = [row for row in every if row.seq > before]
    assert [(row[0], row[1]) for row in written] == [
        ("merger", "create"),
        ("assignment", "close"),
        ("assignment", "change"),
        ("cover", "change"),
        ("cover", "close"),
        ("mass_organization", "close"),
        ("mass_organization", "change"),
        ("enterprise", "close"),
    ]
    assert len({row[2] for row in written}) == 1


def test_no_day_is_left_without_a_cover_that_both_have_from_different_days(pair):
    pair.made("/v1/covers", id="cov-5", organization="org-a", enterprise=STAYS, effective_on="2025-06-01")

    assert merge(pair, effective_on="2024-01-01").json()["doubled"][1:3] == ["cover/cov-1", "cover/cov-2"]

    open_covers = {
        on: sorted(key for key, link in links(pair, on).items() if link == (STAYS, "open") and key[:3] == "cov")
        for on in ("2023-12-31", "2024-01-01", "2025-05-31", "2025-06-01")
    }
    assert open_covers == {
        "2023-12-31": ["cov-3"],
        "2024-01-01": ["cov-1", "cov-3"],
        "2025-05-31": ["cov-1", "cov-3"],
        "2025-06-01": ["cov-3", "cov-5"],
    }
    assert unmerge(pair).status_code == 200
    assert links(pair, "2025-07-01")["cov-1"] == (GOES, "open")


class NaiveCovers:
    """Which organisation covers which enterprise from day to day, kept as one set for each day."""

    def __init__(self, days: list[date]) -> None:
        self.days = {day: set() for day in days}
        self.closed = {day: set() for day in days}

    def cover(self, organization: str, enterprise: str, since: date) -> None:
        for day, pairs in self.days.items():
            if day >= since:
                pairs.add((organization, enterprise))

    def merge(self, source: str, target: str, since: date) -> None:
        for day, pairs in self.days.items():
            if day >= since:
                self.closed[day].add(source)
                moved = {each for each in pairs if each[1] == source}
                pairs.difference_update(moved)
                pairs.update((organization, target) for organization, _ in moved)


@pytest.mark.parametrize("seed", range(4))
def test_any_run_of_mergers_agrees_with_a_naive_model_on_every_day(county, seed):
    chance = random.Random(seed)
    first = date(2024, 1, 1)
    days = [first + timedelta(days=30 * step) for step in range(12)]
    enterprises = [code(number) for number in range(1, 7)]
    organizations = [f"org-{number}" for number in range(4)]
    for key in enterprises:
        county.made("/v1/enterprises", uscc=key, name=f"企业{key}", division=TOWN_A, registered_on="2024-01-01")
    for key in organizations:
        county.made(
            "/v1/party-organizations", id=key, name=key, kind="committee", setup_form="regional", division=TOWN_A,
            established_on="2024-01-01",
        )  # fmt: skip
    model = NaiveCovers(days)
    for organization in organizations:
        for enterprise in chance.sample(enterprises, 3):
            since = chance.choice(days[:6])
            model.cover(organization, enterprise, since)
            county.made("/v1/covers", organization=organization, enterprise=enterprise, effective_on=since.isoformat())
    left = list(enterprises)
    merged_on = days[3]
    for _ in range(3):
        source, target = chance.sample(left, 2)
        # Mergers may be dated back, but never before the one that the chain stands on.
        merged_on = chance.choice([day for day in days[3:10] if day >= merged_on])
        assert merge(county, source, target, effective_on=merged_on.isoformat()).status_code == 201
        model.merge(source, target, merged_on)
        left.remove(source)
    for day in days:
        found = county.get("/v1/covers", params={"on": day.isoformat(), "limit": 100, "state": "open"}).json()["items"]
        listed = [(item["organization"], item["enterprise"]) for item in found]
        assert sorted(listed) == sorted(model.days[day]), day
        closed = county.get("/v1/enterprises", params={"on": day.isoformat(), "state": "closed"}).json()["items"]
        assert {item["uscc"] for item in closed} == model.closed[day], day
