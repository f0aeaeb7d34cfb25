"""Links to calendars: narrow, revocable, with the rights of the moment, and no secret anywhere but in the address."""

from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from heli_reporting.calendar_links.domain import MOST_LINKS, MOST_READS, WINDOW, digest_of, seconds_to_wait
from heli_shared.contracts.registry.dto import PrincipalDto
from reporting.world import READS, TOWN_A, TOWN_B, World, uscc


@pytest.fixture
def busy(world: World) -> World:
    """Return a county with an election due in each town."""
    world.branch("pty-soon-a", [uscc(4)], elected_on="2023-07-20")
    world.branch("pty-soon-b", [uscc(6)], TOWN_B, elected_on="2023-07-20")
    world.sync()
    return world


@pytest.fixture
def clerk(busy: World) -> dict[str, str]:
    return busy.person("prn-a", divisions=(TOWN_A,), unit="unt-a")


def make(world: World, who, unit="unt-a", **body):
    answer = world.client.post(f"/v1/worklists/{unit}/calendar-links", json=body, headers=who)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def read(world: World, link):
    """Read as a calendar program does: the plain address and nothing else."""
    return world.client.get(urlsplit(link["url"]).path)


def rights(world: World, who, **changed):
    """Change what somebody may do or see, as a registry would from one moment to the next."""
    token = who["Authorization"].removeprefix("Bearer ")
    told = world.registry.principals[token].model_dump() | changed
    world.registry.principals[token] = PrincipalDto.model_validate(told)


def close(world: World, who):
    del world.registry.principals[who["Authorization"].removeprefix("Bearer ")]


def test_a_plain_address_gives_the_calendar_of_the_worklist(busy: World, clerk):
    link = make(busy, clerk)
    answer = read(busy, link)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "no-cache" in answer.headers["cache-control"]
    assert answer.content == busy.get("/v1/worklists/unt-a", clerk, format="ics").content
    assert b"pty-soon-a" in answer.content
    assert b"pty-soon-b" not in answer.content
    assert (link["status"], link["expires_at"]) == ("active", "2027-07-01T02:30:00.000000Z")


def test_the_address_is_the_one_that_the_caller_knows(busy: World, clerk):
    headers = {**clerk, "X-Forwarded-Prefix": "/reporting", "Host": "heli.example"}
    assert make(busy, headers)["url"].startswith("http://heli.example/reporting/v1/calendars/")


def test_a_link_opens_nothing_else(busy: World, clerk):
    secret = urlsplit(make(busy, clerk)["url"]).path.split("/")[-1].removesuffix(".ics")

    assert len(secret) >= 43  # 256 bits
    for path in (
        "/v1/worklists",
        "/v1/worklists/unt-a",
        "/v1/statistics?measure=enterprise_count",
        "/v1/calendar-links",
    ):
        assert busy.client.get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    for method in ("post", "put", "delete"):
        assert getattr(busy.client, method)(f"/v1/calendars/{secret}.ics").status_code == 405
    assert busy.client.get(f"/v1/calendars/{secret}.ics?format=json").status_code == 400


ENDS = {
    "revoked": lambda world, who, link: revoke(world, link, who),
    "revoked by an administrator": lambda world, _, link: revoke(world, link, administrator(world)),
    "account closed": lambda world, who, _: close(world, who),
    "role lost": lambda world, who, _: rights(world, who, permissions=["statistics:read"], roles=[]),
    "moved": lambda world, who, _: rights(world, who, unit=UNIT_B, scope=scope(TOWN_B)),
    "unit lost": lambda world, who, _: rights(world, who, unit=None, scope=scope()),
    "expired": lambda world, _, __: setattr(world.clock, "instant", world.clock.instant + timedelta(days=365)),
}
UNIT_B = {"id": "unt-b", "name": "乙镇党委", "kind": "township"}


def scope(*divisions: str):
    return {"everything": False, "divisions": list(divisions), "zones": []}


def revoke(world: World, link, who):
    return world.client.post(f"/v1/calendar-links/{link['id']}/revoke", headers=who)


@pytest.mark.parametrize("end", ENDS)
def test_a_link_ends_at_once_with_a_404_that_tells_nothing(busy: World, clerk, end):
    link = make(busy, clerk)
    assert read(busy, link).status_code == 200
    ENDS[end](busy, clerk, link)
    gone, unknown = read(busy, link), busy.client.get("/v1/calendars/nonsense.ics")

    assert (gone.status_code, unknown.status_code) == (404, 404)
    assert gone.headers["content-type"] == "application/problem+json"
    assert gone.json() | {"instance": ""} == unknown.json() | {"instance": ""}


def test_a_link_shows_what_its_owner_sees_at_the_moment(busy: World):
    owner = busy.person("prn-c", everything=True, unit="unt-county")
    link = make(busy, owner, "unt-county")
    assert b"pty-soon-b" in read(busy, link).content
    rights(busy, owner, scope=scope(TOWN_A))
    answer = read(busy, link)

    assert answer.status_code == 200
    assert b"pty-soon-a" in answer.content
    assert b"pty-soon-b" not in answer.content


def test_while_the_registry_is_silent_a_link_waits_and_shows_nothing(busy: World, clerk):
    link = make(busy, clerk)
    busy.registry.is_down = True
    answer = read(busy, link)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


def administrator(world: World):
    return world.person("prn-head", [*READS, "principals:write"], everything=True)


def test_links_are_listed_for_their_owner_and_for_administrators(busy: World, clerk):
    other = busy.person("prn-b", divisions=(TOWN_B,), unit="unt-b")
    mine, theirs = make(busy, clerk, days=30), make(busy, other, "unt-b")
    revoked = revoke(busy, mine, administrator(busy)).json()

    def listed(who):
        return {each["id"]: each for each in busy.get("/v1/calendar-links", who).json()["items"]}

    assert set(listed(clerk)) == {mine["id"]}
    assert set(listed(administrator(busy))) == {mine["id"], theirs["id"]}
    assert listed(clerk)[mine["id"]] == revoked
    assert (revoked["status"], revoked["revoked_by"], revoked["revoked_at"]) == (
        "revoked", "prn-head", "2026-07-01T02:30:00.000000Z",
    )  # fmt: skip
    assert "url" not in revoked
    assert mine["expires_at"] == "2026-07-31T02:30:00.000000Z"


def test_a_revocation_stays_as_it_was_and_only_one_s_own_is_within_reach(busy: World, clerk):
    other, link = busy.person("prn-b", divisions=(TOWN_B,)), make(busy, clerk)
    assert revoke(busy, link, other).status_code == 404
    first = revoke(busy, link, clerk).json()
    busy.clock.instant += timedelta(minutes=5)

    assert revoke(busy, link, administrator(busy)).json() == first
    assert revoke(busy, {"id": "cal-none"}, clerk).status_code == 404


def test_pages_of_links_are_walked_once(busy: World, clerk):
    made = [make(busy, clerk)["id"] for _ in range(5)]
    found, cursor = [], {}
    while True:
        page = busy.get("/v1/calendar-links", clerk, limit=2, **cursor).json()
        assert page["total"] == 5
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(found) == sorted(made)
    assert all(newer > older for newer, older in pairwise(found))


@pytest.mark.parametrize("body", [{"days": 0}, {"days": 367}, {"days": "30"}, {"until": "2027-01-01"}, []])
def test_bodies_that_cannot_be_are_refused(busy: World, clerk, body):
    answer = busy.client.post("/v1/worklists/unt-a/calendar-links", json=body, headers=clerk)
    assert answer.status_code == 422
    assert busy.get("/v1/calendar-links", clerk).json()["total"] == 0


def test_only_people_make_links_and_only_to_what_they_see(busy: World, clerk):
    def asked(unit, who):
        return busy.client.post(f"/v1/worklists/{unit}/calendar-links", json={}, headers=who).status_code

    assert asked("unt-b", clerk) == 404
    assert asked("unt-none", clerk) == 404
    assert asked("unt-a", busy.person("prn-s", ["statistics:read"], everything=True)) == 403
    rights(busy, clerk, kind="client")
    busy.at_the_registry_later(10)
    assert asked("unt-a", clerk) == 403
    assert busy.client.post("/v1/worklists/unt-a/calendar-links", json={}).status_code == 401


def test_nobody_collects_links_without_end(busy: World, clerk):
    for _ in range(MOST_LINKS):
        last = make(busy, clerk)
    refused = busy.client.post("/v1/worklists/unt-a/calendar-links", json={}, headers=clerk)
    assert refused.status_code == 409
    revoke(busy, last, clerk)
    make(busy, clerk)


def test_a_link_is_read_so_and_so_often_and_then_has_to_wait(busy: World, clerk):
    link, other = make(busy, clerk), make(busy, clerk)
    assert {read(busy, link).status_code for _ in range(MOST_READS)} == {200}
    refused = read(busy, link)

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "601")
    assert read(busy, other).status_code == 200
    busy.clock.instant += timedelta(seconds=601)
    assert read(busy, link).status_code == 200


def test_the_wait_is_that_of_a_plain_count(clock):
    now = clock.now()
    for gap in (1, 9, 10, 11, 30):
        reads = [now - timedelta(seconds=gap * n) for n in range(200, 0, -1)]
        inside = [at for at in reads if at > now - WINDOW]
        wait = seconds_to_wait(reads, now)
        assert (wait == 0) == (len(inside) < MOST_READS)
        if wait:
            later = now + timedelta(seconds=wait)
            assert len([at for at in reads if at > later - WINDOW]) < MOST_READS


def test_no_secret_is_logged_or_kept(busy: World, clerk, capfd, caplog):
    link = make(busy, clerk)
    secret = urlsplit(link["url"]).path.split("/")[-1].removesuffix(".ics")
    assert read(busy, link).status_code == 200
    busy.registry.is_down = True
    assert read(busy, link).status_code == 503
    busy.registry.is_down = False
    revoke(busy, link, clerk)
    assert read(busy, link).status_code == 404
    told = "".join(capfd.readouterr()) + caplog.text

    assert "calendar_link_created" in told
    assert "calendar_link_revoked" in told
    assert secret not in told
    with busy.archive.connect() as connection:
        (kept,) = connection.exec_driver_sql("SELECT * FROM calendar_links").fetchall()
    assert digest_of(secret) in kept
    assert secret not in repr(kept)
    assert secret.encode() not in (busy.folder / "reporting.sqlite").read_bytes()
    metrics = busy.get("/metrics", busy.person("prn-m", ["metrics:read"], everything=True)).text
    assert "/v1/calendars/" in metrics
    assert secret not in metrics


def test_a_link_outlives_a_restart(busy: World, clerk):
    link = make(busy, clerk)
    busy.restart()
    assert read(busy, link).status_code == 200
