"""The refusal of a step that waits for explanations: what is left to explain, as far as a refusal can tell."""

from heli_registry.periods.domain import Question
from heli_shared.kernel.errors import Conflict

MOST_TOLD = 200
"""Unexplained questions that a refusal names; the route of questions lists them all."""


def unexplained_conflict(left: list[Question], zh: str, en: str) -> Conflict:
    """Return the refusal of a step that open questions forbid, with the first of them; `zh` and `en` say which step."""
    told = [
        {
            "check": each.target.check,
            "record": each.target.record,
            "unit": each.unit,
            "figure": each.target.figure,
            "compared_with": each.target.compared_with,
            "state": each.state,
            "zh": each.zh,
            "en": each.en,
        }
        for each in left[:MOST_TOLD]
    ]
    return Conflict(
        f"还有{len(left)}项没有说明，{zh}：请改正数据，或由具名人员说明原因。",
        f"{len(left)} questions are unexplained: correct the data, or let a named person explain them {en}.",
        data={"unexplained": told, "total": len(left)},
    )
