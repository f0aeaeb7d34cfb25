"""The columns by which alike enterprises and organisations are found, made of their names and addresses."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from heli_registry.divisions.gazetteer import load_gazetteer
from heli_registry.names.domain import Parts, Regions, name_parts, place_of
from heli_shared.records.kinds import Matching


@cache
def regions() -> Regions:
    """Return the names of the country's provinces, cities and counties, the upper two also without their kind."""
    return Regions(load_gazetteer().upper_names())


def parts_of(text: str) -> Parts:
    """Take the searchable text of a name apart by the regions of the gazetteer."""
    return name_parts(text, regions())


def _of_enterprise(values: Mapping[str, Any], text: str) -> tuple[str | None, ...]:
    address = values.get("address")
    return parts_of(text).core, place_of(address, regions()) if address else None


def _of_name(_values: Mapping[str, Any], text: str) -> tuple[str | None, ...]:
    return (parts_of(text).core,)


ENTERPRISE_MATCHING = Matching(("core", "place"), ("name", "address"), _of_enterprise)
NAME_MATCHING = Matching(("core",), ("name",), _of_name)
