"""Being told that new data is in, over real connections: at once, again after a break, and until the service ends."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from heli_reporting.events.waking import Bell
from reporting.serving import Serving, serving
from reporting.world import World

PATIENCE = 60


@pytest.fixture
def served(world: World):
    with serving(world.app) as made:
        yield made


def following(served: Serving, who, last=None):
    headers = who if last is None else {**who, "Last-Event-ID": last}
    return httpx.stream("GET", f"{served.address}/v1/events", headers=headers, timeout=PATIENCE)


def events(answer):
    """Yield (event, id, data) as they come, comments as (None, None, text)."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line.startswith(":"):
            yield None, None, line[1:].strip()
        elif line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        elif fields:
            yield fields.get("event"), fields.get("id"), json.loads(fields["data"])
            fields = {}


def test_what_holds_is_told_at_once_and_what_is_new_when_it_comes(world: World, served):
    with following(served, world.admin) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events(answer)
        event, first, data = next(told)
        assert (event, data["known_at"], data["stale"]) == ("data", {"registry": 28, "assessment": 0}, False)
        world.enterprise(50)
        world.sync()
        event, second, data = next(each for each in told if each[0])
        assert (event, data["known_at"]["registry"], second != first) == ("data", 29, True)


def test_a_reading_that_brings_nothing_is_no_news(world: World, served):
    with following(served, world.admin) as answer:
        told = events(answer)
        next(told)
        world.sync()
        world.enterprise(51)
        world.sync()
        assert next(each for each in told if each[0])[2]["known_at"]["registry"] == 29


def test_who_comes_back_hears_only_what_was_missed(world: World, served):
    with following(served, world.admin) as answer:
        _, last, _ = next(events(answer))
    with following(served, world.admin, last) as answer:
        told = events(answer)
        world.enterprise(52)
        world.sync()
        assert next(each for each in told if each[0])[2]["known_at"]["registry"] == 29
    with following(served, world.admin, last) as answer:
        # Changed meanwhile: told at once, without waiting for the next change.
        assert next(events(answer))[2]["known_at"]["registry"] == 29


def test_a_source_that_goes_silent_is_news(world: World, served):
    with following(served, world.admin) as answer:
        told = events(answer)
        next(told)
        world.assessment.is_down = True
        world.sync()
        data = next(each for each in told if each[0])[2]
        assert (data["stale"], data["sources"][1]["status"]) == (True, "stale")


def test_nobody_is_told_without_the_right_to_know(world: World, served):
    def status(headers):
        return httpx.get(f"{served.address}/v1/events", headers=headers, timeout=PATIENCE).status_code

    assert status({}) == 401
    assert status({"Authorization": "Bearer forged"}) == 401
    assert status(world.person("prn-gaps", ["gaps:read"])) == 403


def test_a_right_that_is_withdrawn_ends_the_stream(world: World, served):
    who = world.person("prn-gone", everything=True)
    with following(served, who) as answer:
        told = events(answer)
        next(told)
        del world.registry.principals[who["Authorization"].removeprefix("Bearer ")]
        world.at_the_registry_later(5)
        world.enterprise(53)
        world.sync()
        rest = [each for each in told if each[0]]
        assert [(event, data["status"]) for event, _, data in rest] == [("problem", 401)]


def test_two_hundred_readers_cost_no_thread_and_all_are_told(world: World, served):
    with ExitStack() as stack:
        client = stack.enter_context(
            httpx.Client(timeout=PATIENCE, limits=httpx.Limits(max_connections=None), trust_env=False)
        )
        streams = [
            events(stack.enter_context(client.stream("GET", f"{served.address}/v1/events", headers=world.admin)))
            for _ in range(200)
        ]
        for each in streams:
            next(each)
        waiting = threading.active_count()
        world.enterprise(54)
        world.sync()
        heard = {next(event for event in each if event[0])[2]["known_at"]["registry"] for each in streams}

    assert heard == {29}
    assert waiting < 80, "the pool for short work at most"


def test_the_service_ends_at_once_though_somebody_listens(world: World):
    with serving(world.app) as served, following(served, world.admin) as answer:
        told = events(answer)
        next(told)
        before = time.monotonic()
        served.stop()
        assert [each for each in told if each[0]] == []
    assert time.monotonic() - before < 5


def test_a_ring_between_looking_and_waiting_is_heard():
    async def listen():
        bell = Bell()
        heard = bell.rung
        bell.ring()
        return await bell.wait(heard, 5), await bell.wait(bell.rung, 0.01)

    # In a thread of its own: an open browser keeps a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: asyncio.run(listen())).result() == (True, False)


def test_who_read_the_board_hears_what_came_in_before_the_line_was_open(world: World, served):
    known = world.get("/v1/board", tile="cards").json()["event"]
    world.enterprise(53)
    world.sync()
    with following(served, world.admin, known) as answer:
        assert next(each for each in events(answer) if each[0])[2]["known_at"]["registry"] == 29
    known = world.get("/v1/board", tile="cards").json()["event"]
    with following(served, world.admin, known) as answer:
        told = events(answer)
        world.enterprise(54)
        world.sync()
        assert next(each for each in told if each[0])[2]["known_at"]["registry"] == 30
