"""Sharing classes: which class, basis, purpose and rhythm a kind and each of its fields has."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

SharingClass = Literal["unconditional", "conditional", "closed"]


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a kind is shared; `unconditional` names the fields that are given more freely than the kind."""

    sharing_class: SharingClass
    basis: str
    purpose: str
    rhythm: str
    unconditional: frozenset[str]

    def class_of(self, field: str) -> SharingClass:
        """Return the class of one field."""
        return "unconditional" if field in self.unconditional else self.sharing_class


@cache
def _document() -> Mapping[str, Any]:
    source = files("heli_registry.catalogue").joinpath("sharing.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def classified() -> frozenset[str]:
    """Return the kinds, by plural, about which somebody decided how they are shared."""
    return frozenset(_document()["kinds"])


def sharing_of(plural: str) -> Sharing:
    """Return how a kind is shared; one that nobody decided about is closed."""
    document = _document()
    default = document["default"]
    own = document["kinds"].get(plural, {"class": "closed", "purpose": "尚未分类，暂不共享"})
    return Sharing(
        sharing_class=own["class"],
        basis=own.get("basis", default["basis"]),
        purpose=own.get("purpose", default["purpose"]),
        rhythm=own.get("rhythm", default["rhythm"]),
        unconditional=frozenset(own.get("unconditional", ())),
    )


def class_names() -> Mapping[str, Mapping[str, str]]:
    """Return the classes with their Chinese names and what they mean."""
    found: Mapping[str, Mapping[str, str]] = _document()["classes"]
    return found


def own_words(plural: str, field: str) -> Mapping[str, str]:
    """Return the Chinese word for each code of a field that no list is imported for; empty for other fields."""
    found: Mapping[str, str] = _document()["words"].get(plural, {}).get(field, {})
    return found


def unit_of(field: str) -> str | None:
    """Return the unit in which a field counts, or None."""
    found: str | None = _document()["units"].get(field)
    return found
