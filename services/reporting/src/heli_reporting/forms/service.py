"""Forms of a period: filled in, checked within themselves and against one another, jumps with what was said of them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from heli_reporting.forms.catalogue import Catalogue
from heli_reporting.forms.domain import Check, Failure, Form, Jump, Table, failures, formula, jumps
from heli_reporting.forms.filling import Asked, Filler
from heli_reporting.forms.periods import Due
from heli_reporting.history.domain import KnownAt
from heli_reporting.history.store import Store
from heli_reporting.statistics.domain import Language
from heli_shared.kernel.access import Principal
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import Conflict, Forbidden
from heli_shared.statistics.parameters import parameter


@dataclass(frozen=True, slots=True)
class Checked:
    """A check with its formula in words, and where it does not hold."""

    check: Check
    formula: str
    right: Table
    failures: list[Failure]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form of a period, with everything that goes upward beside its numbers."""

    table: Table
    due: Due
    unit: str
    filled_at: datetime
    checks: list[Checked]
    jumps: list[Jump]
    passport: dict[str, Any]


class FormService:
    """Fills and checks forms; safe to share between threads."""

    def __init__(self, catalogue: Catalogue, filler: Filler, store: Store, *, clock: Clock) -> None:
        """Take forms from `catalogue` and fill them by `filler`; `store` names the unit that reports."""
        self._catalogue = catalogue
        self._filler = filler
        self._store = store
        self._clock = clock

    def list_forms(self) -> tuple[list[Form], dict[str, Conflict]]:
        """Return all forms there are, and what is wrong with those that are not sound, by id."""
        sound, unsound = list[Form](), dict[str, Conflict]()
        for form_id in self._catalogue.ids():
            try:
                sound.append(self._catalogue.get(form_id))
            except Conflict as problem:
                unsound[form_id] = problem
        return sound, unsound

    def fill(
        self, form_id: str, due: Due, principal: Principal, language: Language, *, known_at: KnownAt, strict: bool
    ) -> Filled:
        """Return a form filled in for what the caller may see; Forbidden where it tells of money and they may not."""
        form = self._catalogue.get(form_id)
        others = [self._catalogue.get(each) for each in dict.fromkeys(c.other for c in form.checks if c.other)]
        if not principal.may("funds:read") and any(each.fund for told in (form, *others) for each in told.columns):
            raise Forbidden(
                "这张报表含经费数字，您无权查看经费。", "This form has amounts, and you may not read funds."
            )
        asked = Asked(due.on, due.period.year, known_at, principal.scope, language, strict)
        table, passport = self._filler.fill(form, asked)
        asked = replace(asked, known_at=KnownAt(**passport["known_at"]))
        held_against = {other.id: self._filler.fill(other, asked)[0] for other in others}
        # By the places of today's lines: what a merger brought them is no jump.
        a_year_before = replace(asked, on=due.a_year_before, year=due.period.year - 1, structure_of=due.on)
        before, _ = self._filler.fill(form, a_year_before)
        percent, least = (
            parameter(f"form.jump_{name}").on(max(due.on, parameter(f"form.jump_{name}").values()[0].since))
            for name in ("percent", "number")
        )
        return Filled(
            table=table,
            due=due,
            unit=self._unit_of(principal, due.on),
            filled_at=self._clock.now(),
            checks=[_checked(each, table, held_against) for each in form.checks],
            jumps=jumps(table, before, percent=percent, least=least),
            passport=passport,
        )

    def _unit_of(self, principal: Principal, on: date) -> str:
        if principal.unit is None:
            return principal.name
        found = self._store.records("unit", on, keys=[principal.unit], open_only=False)
        return found[0]["name"] or principal.unit if found else principal.unit


def _checked(check: Check, table: Table, others: dict[str, Table]) -> Checked:
    other = others.get(check.other) if check.other else None
    return Checked(
        check,
        formula(check, table.form, other.form if other else None),
        other or table,
        failures(check, table, other),
    )
