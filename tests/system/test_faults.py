"""Honest when sources fail: real services killed, stopped, slowed and cut off in a storm of questions.

No number that is wrong for what its passport says it knows, none that hides its age, strict refuses, and all is caught
up without anybody's help. A copy made anew from nothing answers like the one that went through it all.
"""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from stdnum.cn import uscc

from system.faults import Mode, Process, Wire
from system.test_services import SERVICES, Site, free_ports, wait_for

COUNTY, TOWNS = "990101000000", ("990101001000", "990101002000", "990101003000")
STALE_SECONDS = 2.0
GRACE_SECONDS = STALE_SECONDS + 1.5
"""From so long after a fault began no answer may call itself fresh: its copy is too old by then."""
MEASURES = ("enterprise_count", "organization_coverage", "due_established_rate")
STORM = 3
OK, UNAVAILABLE = 200, 503

pytestmark = pytest.mark.system


def code(number: int) -> str:
    base = f"91990101MA{number:07d}"
    return base + str(uscc.calc_check_digit(base))


@dataclass
class Answer:
    """What came back to a question, and when."""

    at: float
    path: str
    strict: bool
    status: int
    body: dict[str, Any]
    headers: httpx.Headers


@dataclass
class Trio:
    """Three services as processes, wires from reporting to the other two, and who asks them."""

    site: Site
    wires: dict[str, Wire]
    processes: dict[str, Process]
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, trust_env=False))
    answers: list[Answer] = field(default_factory=list)
    faults: list[tuple[str, float, float]] = field(default_factory=list)
    written: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        for name in names:
            self.processes[name].start()
            url = f"{self.url(name)}/health/ready"
            wait_for(lambda url=url: _is_ready(url), self.processes[name].said)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.site.ports[name]}"

    def made(self, service: str, path: str, **body: Any) -> dict[str, Any]:
        answer = self.http.post(self.url(service) + path, json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def enterprise(self) -> str:
        """Register another enterprise; every third has members enough for a branch, every sixth gets one."""
        number, self.written = self.written, self.written + 1
        place = {"division": TOWNS[number % 3], "registered_on": "2021-01-01", "effective_on": "2021-01-01"}
        members = 3 if number % 3 == 0 else 0
        self.made("registry", "/v1/enterprises", uscc=code(number), name=f"示例{number}", full_members=members, **place)
        if number % 6 == 0:
            body = {"name": f"支部{number}", "kind": "branch", "setup_form": "sole", "division": TOWNS[number % 3]}
            branch = self.made("registry", "/v1/party-organizations", **body, established_on="2021-02-01")
            link = {"organization": branch["id"], "enterprise": code(number), "form": "sole"}
            self.made("registry", "/v1/covers", **link, effective_on="2021-02-01")
        return code(number)

    def ask(self, path: str, http: httpx.Client | None = None, **params: Any) -> Answer:
        found = (http or self.http).get(self.url("reporting") + path, params=params, headers=self.headers)
        body = found.json()
        return Answer(time.monotonic(), path, params.get("strict") == "1", found.status_code, body, found.headers)

    def is_fresh(self) -> bool:
        try:
            return self.ask("/v1/statistics", measure="enterprise_count", strict="1").status == OK
        except (httpx.HTTPError, ValueError):
            return False

    def catch_up(self) -> None:
        """Wait until reporting knows everything, without asking it to read anything."""
        head = self.http.get(self.url("registry") + "/v1/changes?limit=1", headers=self.headers).json()["head"]
        seq = int(head.rsplit(":", 1)[1])

        def is_there() -> bool:
            if not self.is_fresh():
                return False
            found = self.ask("/v1/statistics", measure="enterprise_count").body["passport"]
            return bool(found["known_at"]["registry"] >= seq)

        wait_for(is_there, lambda: self.processes["reporting"].said()[-4000:], 120)

    def suffer(self, name: str, begin: Callable[[], object], end: Callable[[], object]) -> None:
        """Let a fault last long enough to be seen, and wait until it is overcome."""
        began = time.monotonic()
        begin()
        wait_for(
            lambda: self._is_seen(began + GRACE_SECONDS), lambda: f"{name}: no answer, or no refusal of strict", 60
        )
        self.faults.append((name, began, time.monotonic()))
        end()
        self.catch_up()

    def _is_seen(self, since: float) -> bool:
        """Say whether since a moment questions were answered, and strict ones refused."""
        late = [each for each in self.answers if each.at > since]
        return any(each.status == OK for each in late) and any(
            each.status == UNAVAILABLE and each.strict for each in late
        )


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == OK
    except httpx.HTTPError:
        return False


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    site = Site(tmp_path / "data", dict(zip(SERVICES, free_ports(3), strict=True)))
    site.data.mkdir()
    wires = {name: Wire(site.ports[name]) for name in ("registry", "assessment")}
    told = {
        "HELI_REPORTING_SYNC_SECONDS": "0.2",
        "HELI_REPORTING_STALE_SECONDS": str(STALE_SECONDS),
        "HELI_LOG_LEVEL": "warning",
    }
    behind = {f"HELI_{name.upper()}_URL": f"http://127.0.0.1:{wire.port}" for name, wire in wires.items()}
    environments = dict.fromkeys(SERVICES, site.environment | told)
    environments["reporting"] |= behind
    made = Trio(site, wires, {name: Process(name, site.data, environments[name]) for name in SERVICES})
    try:
        made.start("registry", "assessment", "reporting")
        made.headers = {"Authorization": f"Bearer {site.token()}"}
        yield made
    finally:
        for process in made.processes.values():
            if process.running is not None:
                process.signal(signal.SIGCONT)
                process.end()
        for wire in wires.values():
            wire.close()
        made.http.close()


def storm(trio: Trio, stopping: threading.Event) -> None:
    """Ask one question after the other until told to stop; a reporting that is down gives no answer and no number."""
    turn = 0
    with httpx.Client(timeout=30, trust_env=False) as http:
        while not stopping.is_set():
            turn += 1
            strict = {"strict": "1"} if turn % 2 else {}
            path, params = [
                ("/v1/statistics", {"measure": list(MEASURES), "by": "division:town"}),
                ("/v1/statistics/rows", {"measure": "due_established_rate", "part": "denominator", "limit": 1000}),
                ("/v1/gaps", {"limit": 1000, "proposals": "true"}),
                ("/v1/gaps/simulations", {"limit": 1}),
                ("/v1/worklists", {}),
            ][turn % 5]
            try:
                trio.answers.append(trio.ask(path, http, **params, **strict))
            except httpx.TransportError:
                time.sleep(0.05)


class Truth:
    """What a naive reader of the registry's ledger counts at each seq."""

    def __init__(self, ledger: list[dict[str, Any]]) -> None:
        enterprises: dict[str, tuple[str, int]] = {}
        covered: set[str] = set()
        self.at: dict[int, dict[str, Any]] = {0: self._counted(enterprises, covered)}
        for entry in ledger:
            fields = entry["changes"]
            if entry["entity"] == "enterprise":
                enterprises[entry["key"]] = (fields["division"], fields.get("full_members") or 0)
            if entry["entity"] == "cover":
                covered.add(fields["enterprise"])
            self.at[entry["seq"]] = self._counted(enterprises, covered)

    def _counted(self, enterprises: dict[str, tuple[str, int]], covered: set[str]) -> dict[str, Any]:
        due = {key for key, (_, members) in enterprises.items() if members >= 3}
        towns = {town: sum(division == town for division, _ in enterprises.values()) for town in TOWNS}
        return {
            "enterprises": len(enterprises),
            "towns": towns,
            "covered": len(covered & enterprises.keys()),
            "due": sorted(due),
            "gap": sorted(due - covered),
        }


def check(answer: Answer, truth: Truth) -> None:
    """Check that an answer is right for what it says it knows, and honest about how old that is."""
    assert answer.status in {OK, UNAVAILABLE}, answer
    if answer.status == UNAVAILABLE:
        assert answer.body["type"] == "urn:heli:problem:unavailable"
        assert int(answer.headers["retry-after"]) > 0
        return
    body, passport = answer.body, answer.body["passport"]
    wanted = truth.at[passport["known_at"]["registry"]]
    assert passport["stale"] == any(each["status"] != "fresh" for each in passport["sources"])
    assert not (answer.strict and passport["stale"])
    if answer.path == "/v1/statistics":
        total = body["total"]
        assert total["enterprise_count"]["value"] == wanted["enterprises"]
        assert total["organization_coverage"].get("numerator", 0) == wanted["covered"]
        assert total["due_established_rate"]["denominator"] == len(wanted["due"])
        towns = {row["division"]["code"]: row["enterprise_count"]["value"] for row in body["rows"]}
        assert {town: towns.get(town, 0) for town in TOWNS} == wanted["towns"]
    elif answer.path == "/v1/statistics/rows":
        assert [row["uscc"] for row in body["items"]] == wanted["due"]
    elif answer.path == "/v1/gaps":
        assert sorted(row["uscc"] for row in body["items"]) == wanted["gap"]
        assert all(row["proposals"][0]["kind"] == "own_branch" for row in body["items"])
    elif answer.path == "/v1/gaps/simulations":
        assert body["simulation"]["gaps"] == len(wanted["gap"])
        after = body["simulation"]["total"]["due_established_rate"]["after"]
        assert (after["numerator"], after["denominator"]) == (len(wanted["due"]), len(wanted["due"]))


def ledger_of(trio: Trio) -> list[dict[str, Any]]:
    text = trio.http.get(trio.url("registry") + "/v1/exports/ledger?format=ndjson", headers=trio.headers).text
    return [json.loads(line) for line in text.splitlines()]


def all_answers(trio: Trio) -> dict[str, Any]:
    """Return many answers without what says when and under which code they were given."""
    found = {}
    for on in ("2021-01-31", "2021-06-30", time.strftime("%Y-%m-%d")):
        for path, params in (
            ("/v1/statistics", {"measure": list(MEASURES), "by": ["division:town", "size"]}),
            ("/v1/statistics/rows", {"measure": "organization_coverage", "part": "gap", "limit": 1000}),
            ("/v1/gaps", {"limit": 1000, "proposals": "true"}),
            ("/v1/gaps/simulations", {"limit": 1000}),
            ("/v1/worklists", {"limit": 1000}),
        ):
            for known in (None, "registry:20"):
                more = {"known_at": known} if known else {}
                body = trio.ask(path, on=on, **params, **more).body
                passport = body["passport"]
                for name in ("computed_at", "permalink"):
                    passport.pop(name, None)
                passport["sources"] = [[each["name"], each["epoch"], each["known_at"]] for each in passport["sources"]]
                found[f"{path} {on} {known}"] = body
    return found


def county(trio: Trio) -> None:
    long_ago = {"effective_on": "2020-01-01"}
    trio.made("registry", "/v1/divisions", code=COUNTY, name="示例县", level="county", **long_ago)
    for number, town in enumerate(TOWNS):
        trio.made("registry", "/v1/divisions", code=town, name=f"镇{number}", level="town", parent=COUNTY, **long_ago)
    trio.made("registry", "/v1/units", name="县工委", kind="commission", division=COUNTY, **long_ago)
    for _ in range(12):
        trio.enterprise()
    trio.catch_up()


def suffer_everything(trio: Trio) -> None:
    """Break the wire to the registry in every way, kill each source, slow one down, kill reporting while it reads."""
    broken: tuple[tuple[str, Mode], ...] = (
        ("registry", "hanging"), ("registry", "halved"), ("registry", "nonsense"),
    )  # fmt: skip
    for source, mode in broken:
        wire = trio.wires[source]

        def break_off(wire: Wire = wire, mode: Mode = mode) -> None:
            wire.turn(mode)
            trio.enterprise()  # the registry goes on, and runs ahead of what reporting knows

        trio.suffer(f"{source} {mode}", break_off, partial(wire.turn, "whole"))
    for source in ("registry", "assessment"):
        trio.suffer(f"{source} killed", trio.processes[source].kill, partial(trio.start, source))
    trio.wires["registry"].turn("slow")
    trio.enterprise()
    trio.catch_up()
    trio.wires["registry"].turn("whole")
    for _ in range(2):
        for _ in range(6):
            trio.enterprise()
        trio.processes["reporting"].kill()
        trio.start("reporting")
    trio.catch_up()


def test_killed_slow_half_answering_and_ahead_of_each_other(trio: Trio):
    county(trio)
    stopping = threading.Event()
    with ThreadPoolExecutor(STORM) as pool:
        asked = [pool.submit(storm, trio, stopping) for _ in range(STORM)]
        try:
            suffer_everything(trio)
        finally:
            stopping.set()
        for each in asked:
            each.result()

    truth = Truth(ledger_of(trio))
    for answer in trio.answers:
        check(answer, truth)
    for name, began, ended in trio.faults:
        during = [each for each in trio.answers if began + GRACE_SECONDS < each.at < ended]
        numbers = [each for each in during if each.status == OK]
        assert numbers, name
        assert all(each.body["passport"]["stale"] for each in numbers), name
    assert len({each.body["passport"]["known_at"]["registry"] for each in trio.answers if each.status == OK}) > 5

    before = all_answers(trio)
    trio.processes["reporting"].end()
    for file in trio.site.data.glob("reporting.duckdb*"):
        file.unlink()
    trio.start("reporting")
    trio.catch_up()
    assert all_answers(trio) == before
