"""The figures of a period, read from `figures.yaml`: what each counts and the statistics that move with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from heli_registry.quality.domain import Quantity
from heli_registry.quality.placing import CHECKED
from heli_registry.quality.reading import Reader
from heli_shared.kernel.plain_yaml import read_plain
from heli_shared.statistics.parameters import DatedValue, parameter


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a period pins for each unit."""

    quantity: Quantity
    zh: str
    en: str
    measures: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return its name."""
        return self.quantity.id

    def jump(self, on: date) -> tuple[DatedValue | None, DatedValue | None]:
        """Return the share of change and the least change that must be explained on a day."""
        return parameter(f"period.{self.id}_jump_percent").find(on), parameter("period.jump_least").find(on)


@cache
def figures() -> Mapping[str, Figure]:
    """Return every figure by name."""
    text = files("heli_registry.periods").joinpath("figures.yaml").read_text(encoding="utf-8")
    return {id_: _figure(id_, body) for id_, body in read_plain(text).items()}


def _figure(id_: str, body: Mapping[str, Any]) -> Figure:
    reader = Reader(CHECKED[body["kind"]].kind, {})
    amount = reader.term(body["amount"]) if "amount" in body else None
    quantity = Quantity(id_, body["kind"], reader.condition(body["among"]), amount)
    return Figure(quantity, body["zh"], body["en"], tuple(body["measures"]))
