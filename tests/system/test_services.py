"""The three services as real processes, started and used by the command line alone."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from system.recount import SHARES, recounted

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("registry", "assessment", "reporting")
PATIENCE = 180  # a loaded machine starts three processes slowly

pytestmark = pytest.mark.system


@dataclass(frozen=True)
class Site:
    """A data folder and three free ports of its own."""

    data: Path
    ports: dict[str, int]

    @property
    def environment(self):
        ports = {f"HELI_{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HELI_")}
        return {**kept, **ports, "HELI_DATA": str(self.data), "HELI_REPORTING_SYNC_SECONDS": "0", "COLUMNS": "200"}

    def command(self, *words):
        return [sys.executable, "-m", "heli_cli", *words]

    def heli(self, *words, expect=0):
        done = subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert expect is None or done.returncode == expect, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self, *words):
        with (self.data.parent / "up.log").open("w") as log:
            return subprocess.Popen(
                self.command(*words), env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def token(self):
        return self.heli("token").strip()

    def fetch(self, path, token):
        return self.ask("registry", path, token)

    def ask(self, service, path, token=None):
        url = f"http://127.0.0.1:{self.ports[service]}{path}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token or self.token()}"})
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - the same
            return answer.read()

    def said(self):
        return (self.data.parent / "up.log").read_text("utf-8")

    def is_ready(self):
        return all(answers(f"http://127.0.0.1:{port}/health/ready") for port in self.ports.values())

    def wait_until_ready(self, process):
        wait_for(lambda: self.is_ready() or process.poll() is not None, self.said)
        assert process.poll() is None, self.said()

    def wait_until_gone(self):
        wait_for(lambda: not self.processes(), lambda: f"still there: {self.processes()}")

    def processes(self):
        """Return the processes that work on this data folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                words = entry.read_bytes().split(b"\0")
            except OSError:
                continue
            if f"HELI_DATA={self.data}".encode() in words:
                found.append(int(entry.parent.name))
        return found


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own services
            return answer.status == 200
    except OSError:
        return False


def wait_for(condition, told, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(0.1)


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "data", dict(zip(SERVICES, free_ports(3), strict=True)))


@pytest.fixture
def running(site):
    process = site.start("up")
    try:
        site.wait_until_ready(process)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=PATIENCE)
        site.wait_until_gone()


def test_from_the_first_start_to_a_number_and_back(site, running):
    token = site.heli("token").strip()
    site.heli("demo-data", "--size", "200", "--seed", "5", "--on", "2026-06-30", "--out", str(site.data / "county"))
    for kind in ("divisions", "zones", "units", "enterprises"):
        site.heli("import", kind, str(site.data / "county" / f"{kind}.csv"))
    again = site.heli("import", "enterprises", str(site.data / "county" / "enterprises.csv"))
    site.heli("sync")
    counted = site.heli("statistics", "enterprise_count", "--by", "division:town")
    page = json.loads(site.fetch("/v1/enterprises?limit=1", token))
    copy = site.data / "ledger.ndjson"
    copy.write_bytes(site.fetch("/v1/exports/ledger?format=ndjson", token))
    proof_of_copy = site.heli("verify", str(copy))
    proof = site.heli("verify")
    running.terminate()

    assert page["total"] == 200
    assert again.count("200") >= 2  # read and unchanged
    assert "城关街道" in counted
    assert "✓ registry" in proof
    assert "✓ ledger.ndjson" in proof_of_copy
    assert running.wait(timeout=PATIENCE) == 0, site.said()
    assert site.said().count("[registry]") >= 1  # the first secret was told


@pytest.mark.usefixtures("running")
def test_a_second_start_on_the_same_data_is_refused(site):
    refused = site.heli("up", expect=1)

    assert "already" in refused


def test_a_taken_port_is_named(site):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", site.ports["assessment"]))
        taken.listen()
        refused = site.heli("up", expect=1)

    assert str(site.ports["assessment"]) in refused
    assert "HELI_ASSESSMENT_PORT" in refused
    assert site.processes() == []


def test_when_one_service_dies_the_others_are_stopped_and_it_is_said(site):
    process = site.start("up")
    site.wait_until_ready(process)
    victims = [pid for pid in site.processes() if b"reporting" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    for victim in victims:
        os.kill(victim, signal.SIGKILL)

    assert len(victims) == 1
    assert process.wait(timeout=PATIENCE) == 1
    assert "reporting" in site.said()
    assert "Traceback" not in site.said()
    site.wait_until_gone()


def test_a_killed_launcher_leaves_no_process_behind(site):
    process = site.start("up")
    site.wait_until_ready(process)
    process.kill()
    process.wait()

    site.wait_until_gone()


def test_ctrl_c_stops_everything(site):
    process = site.start("up")
    site.wait_until_ready(process)
    os.kill(process.pid, signal.SIGINT)

    assert process.wait(timeout=PATIENCE) == 0, site.said()
    assert "Traceback" not in site.said()
    site.wait_until_gone()


def test_the_demo_tells_the_county_and_a_second_start_loads_nothing(site):
    first = site.heli("demo", "--exit")
    second = site.heli("demo", "--exit")

    for words in ("城关街道", "组织覆盖率", "县财政局", "逾期", "./dev heli token"):
        assert words in first
        assert words in second
    assert "加载示例县" in first
    assert "已加载" in second
    assert site.processes() == []
    site.heli("verify")


@pytest.mark.parametrize("day", ["today", "2026-03-31", "2024-06-30"])
def test_coverage_of_the_demo_county_equals_a_recount_in_plain_python(demo_site, day):
    on = "" if day == "today" else f"&on={day}"
    measures = "&".join(f"measure={share}" for share in SHARES)
    answer = demo_site.ask("reporting", f"/v1/statistics?{measures}&by=division:town{on}")

    def read(kind):
        path = f"/v1/exports/{kind}?format=ndjson{on}"
        return [json.loads(line) for line in demo_site.fetch(path, demo_site.token()).splitlines()]

    shown = {
        row["division"]["code"]: {share: (row[share]["numerator"], row[share]["denominator"]) for share in SHARES}
        for row in json.loads(answer)["rows"]
    }
    wanted = recounted(read)
    assert sum(shares["organization_coverage"][1] for shares in wanted.values()) > 1_000
    assert shown == wanted


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory):
    """A site with the demo county in it, running."""
    site = Site(tmp_path_factory.mktemp("demo") / "data", dict(zip(SERVICES, free_ports(3), strict=True)))
    site.heli("demo", "--exit")
    process = site.start("up")
    try:
        site.wait_until_ready(process)
        site.heli("sync")
        yield site
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
        site.wait_until_gone()


def test_without_data_a_token_says_what_to_do(site):
    assert "./dev up" in site.heli("token", expect=1)
    assert "./dev up" in site.heli("statistics", expect=1)
