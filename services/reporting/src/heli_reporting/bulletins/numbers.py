"""Numbers of a bulletin: each as people read it, with the code of the answer that says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from heli_shared.statistics.dimensions import get_dimension

Answer = Mapping[str, Any]
Cell = Mapping[str, Any]

TOWNS = get_dimension("division:town")
"""What the lines of a bulletin are."""
_SHORTEST_REF = 4
_NONE = "–"


def refs_of(codes: Iterable[str]) -> dict[str, str]:
    """Return for each code the beginning that names it here: four signs, more where two would be the same."""
    listed = list(dict.fromkeys(codes))
    length = _SHORTEST_REF
    while len({code[:length] for code in listed}) < len(listed):
        length += 1
    return {code: code[:length] for code in listed}


def code_of_answer(answer: Answer) -> str:
    """Return the code under which an answer is kept."""
    return str(answer["passport"]["permalink"]).rsplit("/", 1)[-1]


def place_of(row: Mapping[str, Any]) -> str:
    """Return what names a line's place in a number: the township's code, or what asks for the rows in none."""
    return TOWNS.value(row["division"]["code"])


def cell_of(answer: Answer, measure: str, division: str | None) -> Cell:
    """Return a cell of an answer: of a line's place, or the total where `division` is None; empty if there is none."""
    if division is None:
        return dict(answer["total"][measure])
    for row in answer["rows"]:
        if place_of(row) == division:
            return dict(row[measure])
    return {"value": None, "numerator": 0, "denominator": 0}


def percent(value: str | None) -> str:
    """Return a share as per cent with two places."""
    return _NONE if value is None else f"{Decimal(value) * 100:.2f}%"


@dataclass(slots=True)
class Pen:
    """Writes numbers into a sentence or a cell and remembers where each comes from.

    `refs` are the short codes by code; `numbers` is what was written since `taken` was last called.
    """

    refs: Mapping[str, str]
    numbers: list[dict[str, Any]] = field(default_factory=list)

    def mark(self, *answers: Answer) -> str:
        """Return the mark of answers: 〔k3m7〕, or 〔k3m7−a2b9〕 for the difference of two."""
        return f"〔{'−'.join(self.refs[code_of_answer(each)] for each in answers)}〕"

    def taken(self) -> list[dict[str, Any]]:
        """Return the numbers written so far and begin anew."""
        found, self.numbers = self.numbers, []
        return found

    def _keep(self, text: str, part: str, measure: str, division: str | None, *answers: Answer) -> str:
        minus = self.refs[code_of_answer(answers[1])] if len(answers) > 1 else None
        ref = self.refs[code_of_answer(answers[0])]
        told = {"text": text, "part": part, "measure": measure, "division": division, "ref": ref, "minus": minus}
        self.numbers.append(told)
        return text

    def share(self, answer: Answer, measure: str, division: str | None = None) -> str:
        """Write a share in per cent."""
        return self._keep(percent(cell_of(answer, measure, division)["value"]), "value", measure, division, answer)

    def ratio(self, answer: Answer, measure: str, division: str | None = None) -> str:
        """Write a share as numerator/denominator."""
        cell = cell_of(answer, measure, division)
        return self._keep(f"{cell['numerator']}/{cell['denominator']}", "ratio", measure, division, answer)

    def count(self, answer: Answer, measure: str, division: str | None = None) -> str:
        """Write a count."""
        value = cell_of(answer, measure, division)["value"]
        return self._keep(str(value or 0), "value", measure, division, answer)

    def gap(self, answer: Answer, measure: str, division: str | None = None) -> str:
        """Write how many are in a share's denominator and not in its numerator."""
        cell = cell_of(answer, measure, division)
        return self._keep(str(cell["denominator"] - cell["numerator"]), "gap", measure, division, answer)

    def change(self, now: Answer, before: Answer, measure: str, division: str | None = None) -> str:
        """Write by how many percentage points a share moved, with its sign."""
        difference = change_of(now, before, measure, division)
        text = _NONE if difference is None else f"{difference:+.2f}" if difference else "0.00"
        return self._keep(text, "change", measure, division, now, before)

    def step(self, now: Answer, before: Answer, measure: str, division: str | None = None) -> str:
        """Write by how many percentage points a share moved, without a sign, for a sentence that says whither."""
        difference = change_of(now, before, measure, division)
        text = _NONE if difference is None else f"{abs(difference):.2f}"
        return self._keep(text, "step", measure, division, now, before)

    def lacking(self, answer: Answer, measure: str, target: Decimal) -> str:
        """Write by how many percentage points a share stays below a target; 0.00 where it reaches it."""
        value = cell_of(answer, measure, None)["value"]
        text = _NONE if value is None else f"{max(Decimal(0), target - Decimal(value)) * 100:.2f}"
        return self._keep(text, "lacking", measure, None, answer)


def change_of(now: Answer, before: Answer, measure: str, division: str | None = None) -> Decimal | None:
    """Return by how many percentage points a share moved between two answers; None where one has no value."""
    values = [cell_of(answer, measure, division)["value"] for answer in (now, before)]
    if None in values:
        return None
    return (Decimal(values[0]) - Decimal(values[1])) * 100
