"""Searching names: two characters out of many names, as lists filter and as /v1/search ranks, beside reading all."""

import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from tests.performance.bench_registry import database_url
from tests.performance.bench_tools import Line, quantile, say, seconds
from tests.performance.bench_world import COLUMNS, World, csv_bytes, enterprise_rows

ASKED = 200
_TRADES = (
    *("机械制造", "商贸", "科技", "建材", "食品", "纺织", "物流"),
    *("电子", "化工", "农业开发", "建筑工程", "信息技术", "餐饮管理"),
)
_FORMS = ("有限公司",) * 12 + ("有限责任公司", "厂", "经营部", "合作社")


def names(count: int) -> list[str]:
    """Return invented names, two to four characters of their own each; the same number gives the same names."""
    chance = random.Random(count)
    own = [chr(code) for code in chance.sample(range(0x4E00, 0x9FA5), 900)]
    found = []
    for _ in range(count):
        region = chance.choice(("量县", "量市", "量省", ""))
        word = "".join(chance.choices(own, k=chance.choice((2, 2, 2, 3, 4))))
        found.append(region + word + chance.choice(_TRADES) + chance.choice(_FORMS))
    return found


def named_rows(count: int) -> list[tuple[Any, ...]]:
    """Return the rows of a list of enterprises with these names."""
    return [(row[0], name, *row[2:]) for row, name in zip(enterprise_rows(count), names(count), strict=True)]


def measure_search(world: World, count: int, *, database: str) -> list[Line]:
    """Import so many names and ask for two characters of a name a few hundred times, beside a LIKE scan."""
    say(f"search: {count:,} names in {database}")
    rows = named_rows(count)
    world.load("enterprises", csv_bytes(COLUMNS, rows))
    world.sign_in()
    chance = random.Random(7)
    asked = []
    while len(asked) < ASKED:
        name = str(chance.choice(rows)[1])
        start = chance.randrange(len(name) - 1)
        asked.append(name[start : start + 2])
    floor = quantile(times_of(asked, scan(database_url(world))), 0.95)
    lines = []
    paths = {"ranked": "/v1/search?limit=20&q=", "as a filter of the list": "/v1/enterprises?limit=20&name="}
    for what, path in paths.items():
        url = world.registry + path
        taken = times_of(asked, lambda text, url=url: world.client.get(url + quote(text)).raise_for_status())
        lines.append(
            seconds(
                f"two characters among {count:,} names, {what}, p95, {database}",
                quantile(taken, 0.95),
                floor_name="LIKE scan in the database, p95",
                floor=floor,
                limit="≤ 50 ms",
            )
        )
    return lines


def times_of(asked: Sequence[str], answer: Callable[[str], object]) -> list[float]:
    """Return the seconds of each answer; a few are given beforehand, so that nothing is measured cold."""
    for text in asked[:10]:
        answer(text)
    taken = []
    for text in asked:
        began = time.perf_counter()
        answer(text)
        taken.append(time.perf_counter() - began)
    return taken


def scan(url: str) -> Callable[[str], object]:
    """Return a function that counts the names that hold a text, by LIKE alone."""
    counting = "SELECT count(*) FROM enterprises WHERE name LIKE "
    if url.startswith("postgresql"):
        connection = psycopg.connect(url, autocommit=True)
        return lambda text: connection.execute(f"{counting}%s".encode(), (f"%{text}%",)).fetchone()
    database = sqlite3.connect(f"file:{Path(url.removeprefix('sqlite:///'))}?mode=ro", uri=True)
    return lambda text: database.execute(f"{counting}?", (f"%{text}%",)).fetchone()
