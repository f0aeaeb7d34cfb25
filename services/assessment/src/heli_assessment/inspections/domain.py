"""The stages of a rectification order: which step may be taken when, and where it leads."""

from collections.abc import Mapping
from typing import Literal

Stage = Literal["issued", "answered", "returned", "accepted", "reopened", "cancelled"]
Step = Literal["answer", "accept", "return", "reopen", "cancel"]

STEPS: Mapping[Step, tuple[frozenset[Stage], Stage]] = {
    "answer": (frozenset({"issued", "returned", "reopened"}), "answered"),
    "accept": (frozenset({"answered"}), "accepted"),
    "return": (frozenset({"answered"}), "returned"),
    "reopen": (frozenset({"accepted"}), "reopened"),
    "cancel": (frozenset({"issued", "answered", "returned", "reopened"}), "cancelled"),
}
WAITING: frozenset[Stage] = frozenset({"issued", "returned", "reopened"})
"""In these the unit has to answer, and the deadline counts."""
OPEN: frozenset[Stage] = WAITING | {"answered"}
"""In these the fault is not known to be mended."""
WORDS: Mapping[Stage, str] = {
    "issued": "待整改", "answered": "待验收", "returned": "退回整改", "accepted": "已销号", "reopened": "重新督办",
    "cancelled": "已撤销",
}  # fmt: skip


def stage_after(stage: Stage, step: Step) -> Stage | None:
    """Return where a step leads from a stage, or None when it may not be taken there."""
    sources, target = STEPS[step]
    return target if stage in sources else None
