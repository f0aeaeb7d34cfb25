"""Random records of every kind, put past the routes' own checks, as old data and imports leave them."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from heli_registry.database import LEDGER, METADATA
from heli_registry.quality.placing import CHECKED
from heli_shared.db.engine import make_engine, transaction
from heli_shared.ledger.entries import Author
from heli_shared.records.kinds import Field, RecordKind, kinds_of
from heli_shared.records.writing import Write, write
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B, Registry

TODAY = date(2026, 7, 1)
VILLAGE = "990121101001"
_FIRST = ("division", "unit", "zone", "sector", "person", "enterprise", "party_organization")
_TEXTS = {
    "industry": ["C", "C13", "C3499", "C99", "A01", "K70", "F52", "T97", "C1311"],
    "uscc": [None],
    "duplicate_of": [None, None, None, "91990121000000001A", "no such"],
}


def business(number: int) -> str:
    """Return a code that is an individual business's now and then, and of another province now and then."""
    head = "92" if number % 3 == 0 else "91"
    return head + ("130100" if number % 5 == 0 else "990121") + code(number)[8:]


class Maker:
    """Writes records straight into the ledger and keeps what it wrote."""

    def __init__(self, registry: Registry, seed: int) -> None:
        self.registry = registry
        self.chance = random.Random(seed)
        self.keys: dict[str, list[str]] = {}

    def write(self, writes: list[Write]) -> None:
        engine = make_engine(self.registry.settings.database_url)
        with transaction(engine, writes=True) as session:
            write(session, LEDGER, writes, author=Author("prn-test", None), clock=self.registry.clock)
        engine.dispose()
        for each in writes:
            if each.operation == "create":
                self.keys.setdefault(each.kind.entity, []).append(each.key)

    def places(self) -> None:
        kinds = kinds_of(METADATA)
        rows = [
            (COUNTY, "合力县", "county", None, "open"),
            (TOWN_A, "城关镇", "town", COUNTY, "open"),
            (TOWN_B, "河西乡", "town", COUNTY, "open"),
            ("990121103000", "撤并乡", "town", COUNTY, "closed"),
            (VILLAGE, "东村", "village", TOWN_A, "open"),
            ("990121102001", "东村", "village", TOWN_A, "open"),
            ("990121102002", "西村", "village", None, "open"),
            ("990121103001", "南村", "village", "990121103000", "open"),
        ]
        self.write([
            self.new(kinds["division"], key, name=name, level=level, parent=parent, state=state)
            for key, name, level, parent, state in rows
        ])  # fmt: skip
        self.write([
            self.new(kinds["unit"], "unt-county", name="县工委", kind="commission", division=COUNTY),
            self.new(kinds["unit"], "unt-a", name="城关镇党委", kind="township", division=TOWN_A, parent="unt-county"),
            self.new(kinds["unit"], "unt-park", name="园区", kind="park", zone="zon-1", parent="unt-a"),
            self.new(kinds["unit"], "unt-tax", name="税务局", kind="department", division=COUNTY, parent="unt-county"),
        ])  # fmt: skip
        self.write([self.new(kinds["zone"], "zon-1", name="城东工业园", kind="park", division=TOWN_B)])

    def new(self, kind: RecordKind, key: str, /, **values: Any) -> Write:
        given = {name: value for name, value in values.items() if value is not None}
        return Write(kind, key, "create", date(2026, 6, 1), {"state": "open", **given})

    def random_records(self, number: int) -> None:
        others = [entity for entity in CHECKED if entity not in _FIRST]
        for entity in (*_FIRST, *others):
            kind = CHECKED[entity].kind
            # In two goes, so that the second may refer to closed records of the first.
            for some in (range(1, number // 2), range(number // 2, number + 1)):
                self.write([self.random_record(kind, count) for count in some])

    def random_record(self, kind: RecordKind, count: int) -> Write:
        values = {each.name: self.value(each) for each in kind.fields}
        state = "closed" if self.chance.random() < 0.2 else "open"
        if kind.entity == "division":
            key = f"9901219{count:02d}000"
        else:
            key = business(count) if kind.key == "uscc" else f"{kind.prefix}-{count:03d}"
        if kind.entity == "affiliation" and count % 9 == 0:
            values["superior"] = values["organization"]
        return self.new(kind, key, **values | {"state": state})

    def value(self, field: Field) -> Any:
        chance = self.chance
        if not field.required and chance.random() < 0.3:
            return None
        if field.references or field.name == "superior":
            named = field.references or chance.choice(["party_organization", "unit"])
            known = self.keys.get(named, [])
            wild = field.name == "superior" and chance.random() < 0.1
            some = known[: 5 if chance.random() < 0.6 else None]
            return "nobody" if wild else (chance.choice(some) if some else None)
        makers: dict[str, Callable[[], Any]] = {
            "text": lambda: chance.choice(self.choices(field) or _TEXTS.get(field.name, ["甲", "乙", "丙"])),
            "integer": lambda: self.integer(field),
            "decimal": lambda: chance.choice(["0", "-5.5", "1000.25", "30000000", "900000000", "20000000.00"]),
            "boolean": lambda: chance.random() < 0.5,
            "date": lambda: TODAY + timedelta(days=chance.choice([-36_000, -900, -365, -93, -92, -91, -1, 0, 1, 40])),
            "texts": lambda: list(field.choices[:1]),
        }
        return makers[field.type]()

    def choices(self, field: Field) -> tuple[str, ...]:
        """Return the first two choices half of the time: some checks wait for a pair of them."""
        return field.choices[: 2 if self.chance.random() < 0.5 else None]

    def integer(self, field: Field) -> int:
        if "year" in field.name and field.name not in {"term_years", "visits_per_year"}:
            return self.chance.choice([2023, 2024, 2025, 2025, 2026, 2027])
        return max(field.minimum, self.chance.choice([0, 0, 1, 2, 3, 4, 5, 7, 40]))


@pytest.fixture
def maker(registry: Registry) -> Maker:
    made = Maker(registry, seed=20261125)
    made.places()
    return made
