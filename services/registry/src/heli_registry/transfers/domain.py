"""The steps of a transfer as rules on plain facts: which sides must confirm, and how far it has come."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

Side = Literal["from", "to"]
SIDES: tuple[Side, ...] = ("from", "to")


def needed_sides(from_superior: str | None) -> frozenset[Side]:
    """Return the sides that must confirm: both, or the receiving one where the organisation is nobody's."""
    return frozenset(SIDES) if from_superior else frozenset({"to"})


def confirmed_sides(transfer: Mapping[str, Any]) -> frozenset[Side]:
    """Return the sides that have confirmed."""
    return frozenset(side for side in SIDES if transfer.get(f"{side}_confirmed_on"))


def pending_sides(transfer: Mapping[str, Any]) -> frozenset[Side]:
    """Return the sides whose confirmation is still wanted."""
    return needed_sides(transfer["from_superior"]) - confirmed_sides(transfer)


def stage_of(confirmed: Collection[Side]) -> str:
    """Return the stage of a transfer under way that so many sides have confirmed."""
    return next((f"{side}_confirmed" for side in SIDES if side in confirmed), "proposed")
