"""Import, de-duplicate and reconcile the real lists beside the project, and write the counts into a page.

.venv/bin/python tools/real_lists.py              write docs/reference/real-lists.md
.venv/bin/python tools/real_lists.py --out FILE   write it elsewhere

Counts only: no row, no name and no code of an enterprise leaves the registry, which is made for this run and deleted.
"""

import argparse
import random
import re
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from heli_registry.main import make_app
from heli_registry.migrating import migrate_registry
from heli_registry.settings import Settings
from heli_shared.kernel.clock import FixedClock

ROOT = Path(__file__).resolve().parents[1]
TESTS, DATA, PAGE = ROOT / "tests", ROOT.parent / "shared" / "data", ROOT / "docs" / "reference" / "real-lists.md"
NOW = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
ASKED, SEED = 200, 2026
BANDS = ((90, 101), (80, 90), (65, 80), (50, 65), (0, 50))
REASONS = ("code", "name", "address")
_VALUE = re.compile(r"“[^”]*”|[0-9A-Z]{3,}|(?<=第)\d+|(?<=现为)\d+")
_END = ("read", "created", "updated", "unchanged", "refused")

HEAD = """# The real lists 真实名单

What the lists in `../shared/data` (111,661 rows of 28 provinces, the odd ones over-represented, and copies of some of
them in other containers) come to in an empty registry: how each row ended and why, what is found twice, and how many
dirty names are found again. Counts only. Lists are sent in this order into one registry; a row that is in an earlier
list is updated or unchanged.
"""
_TWICE = "Pairs among {enterprises:,} enterprises; a pair with two reasons is counted in both columns.\n"
_AGAIN = """{asked} names of each kind of dirt, drawn by a fixed seed from the names that are there once. `surely wrong`
is a match that the service calls sure and that is another enterprise.
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the rows of a list ended, and why the refused ones were."""

    name: str
    rows: Mapping[str, int]
    reasons: Counter[str]


@contextmanager
def open_desk() -> Iterator[Any]:
    """Yield the desk of a fresh registry, as the tests have it."""
    sys.path.insert(0, str(TESTS))
    registry_tests, desk = import_module("registry.conftest"), import_module("registry.imports.conftest").Desk
    with tempfile.TemporaryDirectory(prefix="heli-real-lists-") as name:
        settings = Settings(data=Path(name), registry_database_url=f"sqlite:///{name}/registry.sqlite")
        migrate_registry(settings.database_url)
        clock = FixedClock(NOW)
        app = make_app(settings, clock, hasher=registry_tests.CHEAP)
        with TestClient(app) as client:
            registry = registry_tests.Registry(app, client, settings, clock)
            registry.enrol("admin", "administrator")
            yield desk(registry)


def lists_of(data: Path) -> list[Path]:
    """Return the lists in the order in which they are sent."""
    others = ("enterprises_odd_rows.csv", "enterprises_misaligned_rows.csv")
    folders = (sorted((data / each).glob("*.*")) for each in ("reimport_2002", "formats"))
    return [
        *sorted((data / "enterprises").glob("*.csv")),
        *(data / name for name in others),
        *(path for folder in folders for path in folder),
    ]


def reason_of(message: str) -> str:
    """Return why a cell was refused, without what stands in the cell."""
    return _VALUE.sub("…", message.split("；", maxsplit=1)[0])


def ended(desk: Any, path: Path) -> Ended:
    """Import a list and return how its rows ended."""
    job = desk.run_file("enterprises", path)
    if job["status"] != "done":
        raise SystemExit(f"{path.name}: {job}")
    reasons = Counter(reason_of(message) for message in desk.refusals(job["id"]).values())
    return Ended(path.name, job["rows"], reasons)


def duplicates(registry: Any) -> dict[tuple[str, tuple[int, int]], int]:
    """Return how many pairs are found, by reason and band of score; a pair with two reasons counts in both."""
    found: Counter[tuple[str, tuple[int, int]]] = Counter()
    for reason in REASONS:
        for score in _scores(registry, reason):
            found[reason, next(band for band in BANDS if band[0] <= score < band[1])] += 1
    return dict(found)


def _scores(registry: Any, reason: str) -> Iterator[int]:
    cursor = None
    while True:
        params = {"reason": reason, "min_score": 0, "limit": 1_000, **({"cursor": cursor} if cursor else {})}
        page = registry.get("/v1/duplicates", params=params).json()
        yield from (each["score"] for each in page["items"])
        cursor = page["next"]
        if cursor is None:
            return


def recalls(registry: Any) -> dict[str, tuple[float, float, float]]:
    """Return, by kind of dirt, the shares found first, found among the first five, and surely matched to another."""
    noise = import_module("registry.reconciliation.noise")
    rows = registry.rows("SELECT uscc, name FROM enterprises")
    once = Counter(unicodedata.normalize("NFKC", name) for _, name in rows)
    names = sorted((name, key) for key, name in rows if once[unicodedata.normalize("NFKC", name)] == 1)
    chance = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    return {
        kind: noise.recall(registry, chance.sample(names, ASKED), dirty, chance)
        for kind, (dirty, _, _) in noise.NOISE.items()
    }


def page_of(lists: list[Ended], pairs: Mapping[Any, int], found: Mapping[str, Any], enterprises: int) -> str:
    """Return the page."""
    command = f"```console\n$ .venv/bin/python tools/{Path(__file__).name}\n```\n"
    parts = [HEAD, command, "## How each list ended\n", _table(("list", *_END), _lines(lists))]
    reasons = sum((each.reasons for each in lists), Counter())
    parts += ["## Why rows were refused\n", "The first reason of each row; what stood in the cell is left out.\n"]
    parts.append(_table(("rows", "reason"), [(f"{count:,}", text) for text, count in reasons.most_common()]))
    parts += ["## What is there twice\n", _TWICE.format(enterprises=enterprises)]
    bands = [
        (f"{low}–{high - 1}", *(f"{pairs.get((each, (low, high)), 0):,}" for each in REASONS)) for low, high in BANDS
    ]
    parts.append(_table(("score", *REASONS), bands))
    parts += ["## Which dirty names are found again\n", _AGAIN.format(asked=ASKED)]
    shares = [(kind.replace("_", " "), *(f"{share:.3f}" for share in all_)) for kind, all_ in found.items()]
    parts.append(_table(("dirt", "found first", "among five", "surely wrong"), shares))
    return "\n".join(parts)


def _lines(lists: list[Ended]) -> list[tuple[str, ...]]:
    lines = [(f"`{each.name}`", *(f"{each.rows[name]:,}" for name in _END)) for each in lists]
    total = ("all", *(f"{sum(each.rows[name] for each in lists):,}" for name in _END))
    return [*lines, total]


def _table(titles: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    rows = [titles, ("---",) * len(titles), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main(words: list[str]) -> int:
    """Run everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args(words)
    if not (asked.data / "enterprises").is_dir():
        sys.stderr.write(f"没有真实名单：{asked.data}。 The real lists are not there: {asked.data}.\n")
        return 1
    with open_desk() as desk:
        lists = []
        for path in lists_of(asked.data):
            lists.append(ended(desk, path))
            sys.stderr.write(f"{path.name}: {lists[-1].rows}\n")
        ((enterprises,),) = desk.registry.rows("SELECT count(*) FROM enterprises")
        page = page_of(lists, duplicates(desk.registry), recalls(desk.registry), enterprises)
    asked.out.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
