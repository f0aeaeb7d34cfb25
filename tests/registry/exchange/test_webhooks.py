"""Pushes: signed, at least once, tried again with pauses, given up into a list, never lost by a crash."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from heli_registry.exchange import Exchange
from heli_registry.main import make_app
from heli_registry.migrating import migrate_registry
from heli_registry.settings import Settings
from heli_registry.subscriptions import worker as worker_module
from heli_registry.subscriptions.domain import MAX_ATTEMPTS
from registry.codes import code
from registry.conftest import CHEAP, COUNTY, TOWN_A, TOWN_B, Registry


class Receiver:
    """A department's own server, which takes pushes or answers what it is told to."""

    def __init__(self) -> None:
        self.taken: list[dict] = []
        self.headers: list[dict] = []
        self.bodies: list[bytes] = []
        self.status = 200
        self.location: str | None = None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.headers.append(dict(self.headers))
                receiver.bodies.append(body)
                if receiver.status < 300:
                    receiver.taken.append(json.loads(body))
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False  # so that closing waits until every connection is closed
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/heli"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def pushing(databases, clock, tmp_path: Path, receiver: Receiver) -> Iterator[Registry]:
    """A registry whose worker runs only when a test says so, with one subscription of a tax office."""
    settings = Settings(
        data=tmp_path / "data",
        registry_database_url=databases.migrated("registry", migrate_registry),
        webhook_allowed_hosts=f"127.0.0.1:{receiver.port}",
    )
    app = make_app(settings, clock, hasher=CHEAP)
    running = Registry(app, TestClient(app), settings, clock)  # not entered: no thread of the service runs
    running.enrol("admin", "administrator")
    running.made("/v1/divisions", code=COUNTY, name="合力县", level="county")
    running.made("/v1/divisions", code=TOWN_A, name="城关镇", level="town", parent=COUNTY)
    running.made("/v1/divisions", code=TOWN_B, name="河西乡", level="town", parent=COUNTY)
    running.made("/v1/units", id="unt-tax", name="税务局", kind="department")
    yield running
    exchange_of(running).stop()
    app.state.calls.engine.dispose()


def exchange_of(registry: Registry) -> Exchange:
    found = registry.app.state.exchange
    assert isinstance(found, Exchange)
    return found


def subscribed(registry: Registry, receiver: Receiver, **more) -> tuple[str, str]:
    """Make a subscription with a secret and return its id and the secret."""
    body = {"unit": "unt-tax", "url": receiver.url, "kinds": ["enterprises"], "purpose": "核对", **more}
    key = registry.made("/v1/subscriptions", **body)["id"]
    return key, registry.post(f"/v1/subscriptions/{key}/secret").json()["secret"]


def push(registry: Registry) -> int:
    return exchange_of(registry).pushes.run_due()


def later(registry: Registry, **delta) -> None:
    registry.clock.instant += timedelta(**delta)


def verified(receiver: Receiver, secret: str, place: int = -1) -> bool:
    """Check a signature as docs/how-to/exchange-data.md tells departments to."""
    headers, body = receiver.headers[place], receiver.bodies[place]
    fields = dict(part.split("=", 1) for part in headers["Heli-Signature"].split(","))
    signed = f"{headers['Heli-Event-Id']}.{fields['t']}.".encode() + body
    return hmac.compare_digest(fields["v1"], hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest())


def test_new_entries_of_the_kinds_are_pushed_signed_once(pushing: Registry, receiver: Receiver):
    key, secret = subscribed(pushing, receiver)
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    pushing.made("/v1/zones", name="园区", kind="park", division=COUNTY)
    assert push(pushing) == 1
    assert push(pushing) == 0

    (event,) = receiver.taken
    assert [(item["entity"], item["key"], item["tombstone"]) for item in event["items"]] == [
        ("enterprise", code(1), False)
    ]
    assert event["items"][0]["patch"][0]["op"] == "add"
    assert event["id"] == receiver.headers[0]["Heli-Event-Id"]
    assert verified(receiver, secret)
    assert not verified(receiver, "another secret")
    shown = pushing.get(f"/v1/subscriptions/{key}").json()
    assert (shown["has_secret"], shown["last_error"], shown["attempts"]) == (True, None, 0)
    assert f"{event['epoch']}:{shown['delivered_up_to']}" == event["next"]
    assert secret not in json.dumps(shown)


def test_what_was_pushed_continues_where_the_last_push_ended(pushing: Registry, receiver: Receiver):
    subscribed(pushing, receiver)
    for number in range(1, 4):
        pushing.made("/v1/enterprises", uscc=code(number), name=f"企业{number}", division=TOWN_A)
        push(pushing)
    assert [event["after"] for event in receiver.taken[1:]] == [event["next"] for event in receiver.taken[:-1]]
    assert [item["key"] for event in receiver.taken for item in event["items"]] == [code(n) for n in range(1, 4)]


def test_a_failure_is_tried_again_after_pauses_as_the_same_push(pushing: Registry, receiver: Receiver):
    key, _ = subscribed(pushing, receiver)
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    receiver.status = 500
    assert (push(pushing), push(pushing)) == (1, 0)
    assert pushing.get(f"/v1/subscriptions/{key}").json()["last_error"] == "answered 500"
    pushing.made("/v1/enterprises", uscc=code(2), name="乙", division=TOWN_A)
    later(pushing, seconds=11)
    receiver.status = 200
    assert push(pushing) == 1
    assert receiver.headers[0]["Heli-Event-Id"] == receiver.headers[1]["Heli-Event-Id"]
    assert receiver.bodies[0] == receiver.bodies[1]
    push(pushing)
    assert [item["key"] for event in receiver.taken for item in event["items"]] == [code(1), code(2)]


def test_after_all_attempts_a_push_is_a_dead_letter_and_the_next_ones_go_on(pushing: Registry, receiver: Receiver):
    key, _ = subscribed(pushing, receiver)
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    receiver.status = 503
    for _ in range(MAX_ATTEMPTS):
        assert push(pushing) == 1
        later(pushing, hours=2)
    receiver.status = 200
    pushing.made("/v1/enterprises", uscc=code(2), name="乙", division=TOWN_A)
    push(pushing)
    assert [item["key"] for event in receiver.taken for item in event["items"]] == [code(2)]

    (letter,) = pushing.get("/v1/dead-letters").json()["items"]
    assert (letter["subscription"], letter["entries"], letter["attempts"]) == (key, 1, MAX_ATTEMPTS)
    assert (letter["state"], letter["error"]) == ("dead", "answered 503")
    assert pushing.post(f"/v1/dead-letters/{letter['id']}/redeliver").json()["state"] == "queued"
    assert pushing.post(f"/v1/dead-letters/{letter['id']}/redeliver").status_code == 409
    push(pushing)
    assert receiver.taken[-1]["items"][0]["key"] == code(1)
    assert receiver.headers[-1]["Heli-Event-Id"] == receiver.headers[0]["Heli-Event-Id"]
    assert pushing.get("/v1/dead-letters?state=dead").json()["total"] == 0
    assert pushing.get("/v1/dead-letters?state=delivered").json()["total"] == 1
    assert pushing.post("/v1/dead-letters/ltr-0/redeliver").status_code == 404


def test_a_redelivery_that_fails_is_dead_again(pushing: Registry, receiver: Receiver):
    subscribed(pushing, receiver)
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    receiver.status = 503
    for _ in range(MAX_ATTEMPTS):
        push(pushing)
        later(pushing, hours=2)
    (letter,) = pushing.get("/v1/dead-letters").json()["items"]
    receiver.status = 404
    pushing.post(f"/v1/dead-letters/{letter['id']}/redeliver")
    assert (push(pushing), push(pushing)) == (1, 0)
    (letter,) = pushing.get("/v1/dead-letters").json()["items"]
    assert (letter["state"], letter["error"], letter["attempts"]) == ("dead", "answered 404", MAX_ATTEMPTS + 1)


def test_a_crash_between_commit_and_sending_still_delivers(pushing: Registry, receiver: Receiver, monkeypatch):
    subscribed(pushing, receiver)
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)

    def crash(*_args, **_more):
        raise KeyboardInterrupt

    pushes = exchange_of(pushing).pushes
    with monkeypatch.context() as crashing:
        crashing.setattr(pushes, "_attempt", crash)
        with pytest.raises(KeyboardInterrupt):
            pushes.run_due()
    assert (push(pushing), receiver.taken) == (0, [])  # under the lease of the one that died
    later(pushing, seconds=61)
    assert push(pushing) == 1
    assert [item["key"] for item in receiver.taken[0]["items"]] == [code(1)]


def test_a_crash_after_sending_repeats_the_push_under_its_id(pushing: Registry, receiver: Receiver, monkeypatch):
    subscribed(pushing, receiver)
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    pushes = exchange_of(pushing).pushes

    def crash(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as crashing:
        crashing.setattr(pushes, "_settle", crash)
        with pytest.raises(KeyboardInterrupt):
            pushes.run_due()
    later(pushing, seconds=61)
    push(pushing)
    assert len(receiver.taken) == 2
    assert receiver.taken[0]["id"] == receiver.taken[1]["id"]


def test_a_redirect_is_a_failure_and_is_not_followed(pushing: Registry, receiver: Receiver):
    key, _ = subscribed(pushing, receiver)
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    receiver.status, receiver.location = 307, f"{receiver.url}/elsewhere"
    push(pushing)
    assert len(receiver.bodies) == 1
    assert pushing.get(f"/v1/subscriptions/{key}").json()["last_error"] == "answered 307"


def test_an_address_that_is_not_allowed_any_more_is_not_called(pushing: Registry, receiver: Receiver):
    key, _ = subscribed(pushing, receiver)
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    exchange_of(pushing).pushes._allowed = frozenset()
    push(pushing)
    assert receiver.bodies == []
    assert "https" in pushing.get(f"/v1/subscriptions/{key}").json()["last_error"]


def test_a_townships_subscription_gets_its_territory_only(pushing: Registry, receiver: Receiver):
    pushing.made("/v1/units", id="unt-a", name="城关镇", kind="township", division=TOWN_A)
    subscribed(pushing, receiver, unit="unt-a")
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    pushing.made("/v1/enterprises", uscc=code(2), name="乙", division=TOWN_B)
    push(pushing)
    assert [item["key"] for event in receiver.taken for item in event["items"]] == [code(1)]


def test_nothing_is_sent_without_a_secret_or_after_closing(pushing: Registry, receiver: Receiver):
    body = {"unit": "unt-tax", "url": receiver.url, "kinds": ["enterprises"], "purpose": "核对"}
    silent = pushing.made("/v1/subscriptions", **body)["id"]
    closed, _ = subscribed(pushing, receiver)
    pushing.act(f"/v1/subscriptions/{closed}/close", {"reason": "停用"})
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    assert push(pushing) == 0
    assert pushing.post(f"/v1/subscriptions/{closed}/secret").status_code == 409
    pushing.post(f"/v1/subscriptions/{silent}/secret")
    assert push(pushing) == 1


def test_many_entries_come_in_pieces_and_a_quiet_stretch_is_passed_over(
    pushing: Registry, receiver: Receiver, monkeypatch
):
    monkeypatch.setattr(worker_module, "MOST_ENTRIES", 3)
    key, _ = subscribed(pushing, receiver)
    for number in range(1, 8):
        pushing.made("/v1/enterprises", uscc=code(number), name=f"企业{number}", division=TOWN_A)
    while push(pushing):
        pass
    assert [len(event["items"]) for event in receiver.taken] == [3, 3, 1]
    before = pushing.get(f"/v1/subscriptions/{key}").json()["delivered_up_to"]
    for number in range(4):
        pushing.made("/v1/zones", name=f"园区{number}", kind="park", division=COUNTY)
    assert push(pushing) == 0
    assert pushing.get(f"/v1/subscriptions/{key}").json()["delivered_up_to"] == before + 4


def test_a_push_is_noted_as_a_delivery(pushing: Registry, receiver: Receiver):
    key, _ = subscribed(pushing, receiver)
    pushing.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    push(pushing)
    (noted,) = pushing.get("/v1/deliveries?channel=webhook").json()["items"]
    assert (noted["principal"], noted["unit"], noted["rows"], noted["purpose"]) == (key, "unt-tax", 1, "核对")


@pytest.mark.parametrize(
    "body",
    [
        {"url": "https://127.0.0.1/x"},
        {"url": "http://tax.example.gov.cn/x"},
        {"kinds": ["people"]},
        {"kinds": ["principals"]},
        {"kinds": []},
        {"unit": "unt-0"},
    ],
)
def test_a_subscription_that_must_not_be_is_refused(pushing: Registry, receiver: Receiver, body):
    good = {"unit": "unt-tax", "url": receiver.url, "kinds": ["enterprises"], "purpose": "核对"}
    assert pushing.post("/v1/subscriptions", {**good, **body}).status_code == 422
