"""A Heli of its own for measuring: three real processes on the loopback, a folder thrown away, generated lists."""

import csv
import io
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from tests.performance.bench_tools import ROOT, free_port, server

from heli_cli.demo.codes import REGION, credit_code

TOWNS = 20
COUNTY = REGION + "000000"
INDUSTRIES = ("C1311", "C3311", "F5112", "G5432", "H6110", "I6510", "L7211", "O8111", "E4790", "A0111")
OWNERSHIPS = ("私营", "私营", "私营", "个体", "外商投资")
COLUMNS = (
    "统一社会信用代码", "企业名称", "注册日期", "所有制", "所属乡镇", "注册地址", "行业", "经营状态",
    "从业人数", "年营业收入（元）", "正式党员", "预备党员",
)  # fmt: skip


def town(index: int) -> str:
    """Return the code of a town of the county."""
    return f"{REGION}{100 + index:03d}000"


def divisions_csv() -> bytes:
    """Return the list of the county and its towns."""
    rows = [
        (REGION[:2] + "0" * 10, "量省", "province", ""),
        (REGION[:4] + "0" * 8, "量市", "city", REGION[:2] + "0" * 10),
    ]
    rows.append((COUNTY, "量县", "county", REGION[:4] + "0" * 8))
    rows += [(town(index), f"第{index}镇", "town", COUNTY) for index in range(TOWNS)]
    return csv_bytes(("区划代码", "区划名称", "级别", "上级区划"), rows)


def enterprise_rows(count: int, *, first: int = 0) -> list[tuple[Any, ...]]:
    """Return rows of a list of enterprises; the same numbers give the same rows."""
    chance = random.Random(first)
    rows = []
    for number in range(first, first + count):
        staff = int(chance.paretovariate(1.1))
        members = chance.choices((0, 1, 2, 3, 5, 9), (70, 12, 6, 6, 4, 2))[0]
        rows.append(
            (
                credit_code(number, "91"),
                f"量测企业{number:07d}有限公司",
                (date(2000, 1, 1) + timedelta(days=chance.randrange(9_000))).isoformat(),
                chance.choice(OWNERSHIPS),
                town(chance.randrange(TOWNS)),
                f"量县第{number % TOWNS}镇大街{number % 997}号",
                chance.choice(INDUSTRIES),
                "存续",
                min(staff, 20_000),
                f"{staff * 100_000}.00",
                members,
                chance.choice((0, 0, 1)),
            )
        )
    return rows


def csv_bytes(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    """Return rows under a head as CSV in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()


@dataclass(frozen=True, slots=True)
class World:
    """A running Heli: where its services answer, its data folder, and an administrator's client."""

    registry: str
    assessment: str
    reporting: str
    data: Path
    environment: dict[str, str]
    client: httpx.Client
    started_in: float

    def token(self) -> str:
        """Return an administrator's access token."""
        return administrator(self.environment)

    def sign_in(self) -> None:
        """Take a fresh token: measurements can last longer than a token lives."""
        self.client.headers["Authorization"] = f"Bearer {self.token()}"

    def load(self, kind: str, content: bytes, *, name: str = "list.csv") -> float:
        """Import a list and return the seconds from sending it to its end; every row must have been taken."""
        began = time.perf_counter()
        answer = self.client.post(
            f"{self.registry}/v1/imports", params={"kind": kind}, files={"file": (name, content, "text/csv")}
        )
        answer.raise_for_status()
        where = f"{self.registry}/v1/imports/{answer.json()['id']}"
        while True:
            found = self.client.get(where).raise_for_status().json()
            if found["status"] not in ("queued", "running"):
                break
            time.sleep(0.05)
        if found["status"] != "done" or found["rows"]["refused"]:
            refusals = self.client.get(f"{where}/refusals").text[:1000]
            raise RuntimeError(f"the import of {kind} ended as {found}: {refusals}")
        return time.perf_counter() - began

    def sync(self) -> float:
        """Let reporting pull everything and return the seconds it took."""
        began = time.perf_counter()
        self.client.post(f"{self.reporting}/v1/syncs").raise_for_status()
        return time.perf_counter() - began


def administrator(environment: dict[str, str]) -> str:
    """Return an administrator's token of a data folder, from the command line."""
    return subprocess.run(
        [sys.executable, "-m", "heli_cli", "token"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


@contextmanager
def heli(data: Path, *, database: str | None = None) -> Iterator[World]:
    """Run the three services on free ports over a data folder; `database` is a PostgreSQL server, None means SQLite."""
    ports = [free_port() for _ in range(3)]
    with databases(database) as urls:
        environment = {
            "HELI_DATA": str(data),
            "HELI_REGISTRY_PORT": str(ports[0]),
            "HELI_ASSESSMENT_PORT": str(ports[1]),
            "HELI_REPORTING_PORT": str(ports[2]),
            "HELI_REPORTING_SYNC_SECONDS": "0",
            **urls,
        }
        command = [sys.executable, "-m", "heli_cli", "up"]
        with (
            server(command, environment, ports, path="/health/ready") as started_in,
            httpx.Client(timeout=600) as client,
        ):
            names = [f"http://127.0.0.1:{port}" for port in ports]
            world = World(names[0], names[1], names[2], data, environment, client, started_in)
            world.sign_in()
            yield world


@contextmanager
def databases(server_url: str | None) -> Iterator[dict[str, str]]:
    """Make databases for registry and assessment on a PostgreSQL server, dropped afterwards; none without a server."""
    if server_url is None:
        yield {}
        return
    url = sa.make_url(server_url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    names = {service: f"heli_bench_{service}_{os.getpid()}" for service in ("registry", "assessment")}
    with engine.connect() as connection:
        for name in names.values():
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        plain = url.set(drivername="postgresql")
        yield {
            f"HELI_{service.upper()}_DATABASE_URL": plain.set(database=name).render_as_string(hide_password=False)
            for service, name in names.items()
        }
    finally:
        with engine.connect() as connection:
            for name in names.values():
                connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        engine.dispose()
