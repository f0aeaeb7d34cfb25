"""Signing in over HTTP: tokens for secrets, the same answer for every mistake, and patience for nobody who guesses."""

import base64
from datetime import timedelta

import pytest

WRONG = {"type": "urn:heli:problem:unauthenticated", "status": 401}


def token(registry, **form):
    return registry.client.post("/v1/tokens", data=form)


def by_password(registry, login, secret):
    return token(registry, grant_type="password", username=login, password=secret)


def by_client(registry, login, secret):
    return token(registry, grant_type="client_credentials", client_id=login, client_secret=secret)


@pytest.fixture
def person(registry):
    made = registry.made("/v1/principals", login="li.clerk", kind="person", roles=["leader"])
    return made["id"], registry.post(f"/v1/principals/{made['id']}/secret").json()["secret"]


@pytest.fixture
def client(registry):
    made = registry.made("/v1/principals", login="tax.office", kind="client", roles=["exchange"])
    return made["id"], registry.post(f"/v1/principals/{made['id']}/secret").json()["secret"]


def test_a_person_gets_a_token_that_works(registry, person):
    answer = by_password(registry, "Li.Clerk", person[1])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    granted = answer.json()
    assert (set(granted), granted["token_type"], granted["expires_in"]) == (
        {"access_token", "token_type", "expires_in"},
        "Bearer",
        600,
    )
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert registry.client.get("/v1/principals/me", headers=headers).json()["id"] == person[0]


def test_a_client_gets_a_token_by_form_or_by_basic(registry, client):
    assert by_client(registry, "tax.office", client[1]).status_code == 200
    basic = base64.b64encode(f"tax.office:{client[1]}".encode()).decode()
    answer = registry.client.post(
        "/v1/tokens", data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status_code == 200


def test_a_token_ends(registry, person, clock):
    granted = by_password(registry, "li.clerk", person[1]).json()
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    clock.instant += timedelta(seconds=659)
    assert registry.client.get("/v1/principals/me", headers=headers).status_code == 200
    clock.instant += timedelta(seconds=1)
    assert registry.client.get("/v1/principals/me", headers=headers).status_code == 401


def test_every_mistake_gets_the_same_answer(registry, person, client):
    without = registry.made("/v1/principals", login="no.secret", kind="person", roles=[])
    assert not without["has_secret"]
    answers = [
        by_password(registry, "li.clerk", "wrong"),
        by_password(registry, "nobody", "wrong"),
        by_password(registry, "no.secret", "wrong"),
        by_password(registry, "tax.office", client[1]),
        by_client(registry, "li.clerk", person[1]),
        by_client(registry, "nobody", "wrong"),
    ]
    told = []
    for answer in answers[:4]:
        body = answer.json()
        del body["instance"]
        told.append((answer.status_code, body))
    assert [told[0]] * 4 == told
    assert (told[0][0], told[0][1]["type"]) == (401, WRONG["type"])


def test_a_closed_principal_gets_no_token(registry, person):
    registry.act(f"/v1/principals/{person[0]}/close", {"reason": "离岗"})
    assert by_password(registry, "li.clerk", person[1]).status_code == 401


def test_a_new_secret_ends_the_one_before(registry, person):
    again = registry.post(f"/v1/principals/{person[0]}/secret").json()["secret"]
    assert again != person[1]
    assert by_password(registry, "li.clerk", person[1]).status_code == 401
    assert by_password(registry, "li.clerk", again).status_code == 200


def test_a_login_is_locked_after_five_failures_and_freed_after_ten_minutes(registry, person, clock):
    assert [by_password(registry, "li.clerk", "wrong").status_code for _ in range(5)] == [401] * 5
    locked = by_password(registry, "li.clerk", person[1])
    assert locked.status_code == 429
    assert 598 <= int(locked.headers["retry-after"]) <= 601
    clock.instant += timedelta(seconds=int(locked.headers["retry-after"]))
    assert by_password(registry, "li.clerk", person[1]).status_code == 200


def test_an_address_is_locked_after_five_failures_over_several_logins(registry, person):
    assert [by_password(registry, f"guess{number}", "wrong").status_code for number in range(5)] == [401] * 5
    assert by_password(registry, "li.clerk", person[1]).status_code == 429


def test_a_success_clears_the_logins_failures_but_not_the_addresss(registry, person):
    for _ in range(4):
        by_password(registry, "li.clerk", "wrong")
    assert by_password(registry, "li.clerk", person[1]).status_code == 200
    assert by_password(registry, "li.clerk", "wrong").status_code == 401
    assert by_password(registry, "li.clerk", person[1]).status_code == 429


def test_nobody_locks_a_client_out_by_guessing(registry, client):
    statuses = [by_client(registry, "tax.office", "wrong").status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    assert by_client(registry, "tax.office", client[1]).status_code == 200


def test_failures_are_kept_as_digests(registry):
    by_password(registry, "my-secret-typed-as-login", "wrong")
    kept = registry.rows("SELECT subject FROM sign_in_failures")
    assert len(kept) == 2
    assert not any("my-secret" in row.subject for row in kept)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "password"},
        {"grant_type": "password", "username": "li.clerk"},
        {"grant_type": "authorization_code", "username": "a", "password": "unsaid"},
        {"grant_type": "password", "username": "unsaid" * 50, "password": "unsaid"},
        {"grant_type": "password", "username": "a", "password": "unsaid", "otp": "1"},
        {"grant_type": "client_credentials", "username": "a", "password": "unsaid"},
    ],
)
def test_a_malformed_form_is_refused_without_repeating_it(registry, form):
    answer = token(registry, **form)
    assert answer.status_code == 422
    assert "unsaid" not in answer.text


@pytest.mark.parametrize("login", ["\x00", "a\x00b", "' OR 1=1 --", "\ud7ff", "💥" * 20, "%00"])
def test_strange_logins_are_refused_like_any_other(registry, login):
    assert by_password(registry, login, "wrong").status_code in {401, 422}


def test_a_json_body_is_no_form(registry):
    answer = registry.client.post("/v1/tokens", json={"grant_type": "password", "username": "a", "password": "unsaid"})
    assert answer.status_code in {415, 422}


def test_the_secret_is_shown_once_and_never_kept(registry, person):
    path = f"/v1/principals/{person[0]}/secret"
    first = registry.call("POST", path, headers={"Idempotency-Key": "again"})
    second = registry.call("POST", path, headers={"Idempotency-Key": "again"})
    assert first.json()["secret"] != second.json()["secret"]
    assert registry.rows("SELECT count(*) AS n FROM idempotency_keys WHERE key = 'again'")[0].n == 0
    stored = " ".join(str(row) for row in registry.rows("SELECT secret_hash FROM principals"))
    assert second.json()["secret"] not in stored
    assert "$argon2id$" in stored
    assert registry.get(f"/v1/principals/{person[0]}").json()["has_secret"] is True
