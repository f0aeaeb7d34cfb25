"""Making a bulletin once and keeping it: the same period, as known then, is the same bytes from then on."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import orjson

from heli_reporting.bulletins.domain import check_over
from heli_reporting.bulletins.numbers import TOWNS, code_of_answer, refs_of
from heli_reporting.bulletins.writing import COUNTS, HEADLINES, OVERDUE, Facts, sections
from heli_reporting.history.domain import SOURCES_ZH, KnownAt
from heli_reporting.history.store import Store
from heli_reporting.intake.domain import Freshness
from heli_reporting.intake.service import Intake
from heli_reporting.passports import Origin, check_answerable, known_by, passport_of, scope_json
from heli_reporting.periods import Period, day_in_words
from heli_reporting.permalinks.domain import code_of
from heli_reporting.permalinks.service import Permalinks
from heli_reporting.statistics.answers import digest_of
from heli_reporting.statistics.domain import Question, checked_measures
from heli_reporting.statistics.service import StatisticsService
from heli_reporting.targets.domain import target_of
from heli_reporting.targets.service import own_targets
from heli_reporting.worklists.service import Asked, WorklistService
from heli_shared.kernel.access import Principal
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import NotFound

VERSION = 3
"""Raised when bulletins are written otherwise: one that was made before stays as it was under its own code."""
_WORKLISTS = "worklists:read"
_TOWN = "town"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which period, for whom, as known when, and whether an old copy will do."""

    period: Period
    principal: Principal
    known_at: KnownAt
    strict: bool


class BulletinService:
    """Writes bulletins from answers of statistics and worklists; safe to share between threads."""

    def __init__(
        self,
        store: Store,
        intake: Intake,
        statistics: StatisticsService,
        worklists: WorklistService,
        permalinks: Permalinks,
        *,
        clock: Clock,
    ) -> None:
        """Ask `statistics` and `worklists`, and keep what was written in `permalinks`."""
        self._store = store
        self._intake = intake
        self._statistics = statistics
        self._worklists = worklists
        self._permalinks = permalinks
        self._clock = clock

    def bulletin(self, wanted: Wanted) -> dict[str, Any]:
        """Return the bulletin of a period as known at a point: the one that was made first, if one was."""
        check_over(wanted.period, today=self._clock.today())
        freshness = self._intake.freshness()
        check_answerable(freshness, strict=wanted.strict)
        wanted = replace(wanted, known_at=known_by(wanted.known_at, freshness))
        code = _code(wanted, freshness)
        scope = wanted.principal.scope
        try:
            return self.kept(code, wanted)
        except NotFound:
            body = orjson.dumps(self._written(wanted, freshness, code))
        self._permalinks.keep(code, body, scope=scope, given_at=self._clock.now())
        # Of two that were written at the same moment the first was kept; everybody gets that one.
        return self.kept(code, wanted)

    def kept(self, code: str, wanted: Wanted) -> dict[str, Any]:
        """Return a bulletin that was made, by its code; NotFound when there is none that the reader may see."""
        content: dict[str, Any] = orjson.loads(self._permalinks.read(code, wanted.principal.scope))
        needed = content["needs"]
        if content["period"]["code"] != wanted.period.code or not all(map(wanted.principal.may, needed)):
            raise NotFound("没有这份通报，或您无权查看。", "There is no such bulletin, or you may not see it.")
        return content

    def _written(self, wanted: Wanted, freshness: list[Freshness], code: str) -> dict[str, Any]:
        period, scope = wanted.period, wanted.principal.scope
        whole = "全县" if scope.everything else "所辖范围内"
        now, before = (self._answer(wanted, day) for day in (period.last, period.previous_last))
        overdue = self._overdue(wanted, freshness) if wanted.principal.may(_WORKLISTS) else None
        facts = Facts(period, now, before, overdue, whole, self._targets(wanted))
        refs = refs_of(code_of_answer(answer) for answer in facts.answers)
        last, earlier = day_in_words(period.last), day_in_words(period.previous_last)
        told = [
            (now, f"{last}的指标，按乡镇街道"),
            (before, f"{earlier}（上期末）的指标，按{last}的乡镇街道"),
            (overdue, f"{last}的逾期事项，按乡镇街道"),
        ]
        stale = [SOURCES_ZH[each.source] for each in freshness if not each.is_fresh]
        return {
            "code": code,
            "permalink": f"/v1/bulletins/{period.code}/{code}",
            "title": f"{period.name}非公企业党建工作情况通报",
            "subtitle": f"（{day_in_words(period.first)}至{last}，与{earlier}相比）",
            "period": {"code": period.code, "name": period.name, "first": str(period.first), "last": str(period.last)},
            "compared_with": str(period.previous_last),
            "known_at": {"registry": wanted.known_at.registry, "assessment": wanted.known_at.assessment},
            "scope": scope_json(scope),
            "needs": [_WORKLISTS] if overdue is not None else [],
            "stale": bool(stale),
            "notice": f"注意：{'、'.join(stale)}的数据不是最新的，本通报依据最近一次成功读取的数据。"
            if stale
            else None,
            "sections": sections(facts, refs),
            "codes": [
                {"ref": refs[code_of_answer(each)], "permalink": each["passport"]["permalink"], "about": about}
                for each, about in told
                if each is not None
            ],
            "sources": now["passport"]["sources"],
            "definitions": now["passport"]["definitions"],
        }

    def _targets(self, wanted: Wanted) -> dict[str, Decimal]:
        on = wanted.period.last
        own = own_targets(self._store, wanted.principal.scope, on=on, known_at=wanted.known_at)
        found = {measure: target_of(measure, own, on=on) for measure in HEADLINES}
        return {measure: target.value for measure, target in found.items() if target is not None}

    def _answer(self, wanted: Wanted, on: date) -> dict[str, Any]:
        """Return the figures of a day by the townships of the period's last: a merger is no rise and no fall."""
        question = Question(
            measures=checked_measures([*HEADLINES, *COUNTS]),
            dimensions=(TOWNS,),
            on=on,
            known_at=wanted.known_at,
            filters={},
            scope=wanted.principal.scope,
            language="zh",
            structure_of=None if on == wanted.period.last else wanted.period.last,
        )
        found: dict[str, Any] = orjson.loads(self._statistics.answer(question, strict=wanted.strict))
        return found

    def _overdue(self, wanted: Wanted, freshness: list[Freshness]) -> dict[str, Any]:
        """Return the overdue items of the last day by township, kept under a permalink as statistics are."""
        on, scope = wanted.period.last, wanted.principal.scope
        # Without a unit of one's own the lines are those of the scope: the same for everybody who has that scope.
        principal = replace(wanted.principal, unit=None)
        lines = self._worklists.worklist(Asked(principal, on, wanted.known_at, "zh"), strict=wanted.strict).lines
        towns, tallies = self._towns(on, wanted.known_at), dict[str | None, Counter[str]]()
        for line in lines:
            if line.kind in OVERDUE:
                town = towns.get(line.division or "", (None, ""))[0]
                tallies.setdefault(town, Counter())[line.kind] += 1
        names = dict(towns.values())
        rows = [
            {"division": {"code": town, "name": names.get(town, TOWNS.without[0])}, **_counts(tallies[town])}
            for town in sorted(tallies, key=lambda code: (code is None, code or ""))
        ]
        figures = {"rows": rows, "total": _counts(sum(tallies.values(), Counter()))}
        origin = Origin(freshness, on, wanted.known_at, {}, scope, self._clock.now(), "zh")
        passport = passport_of(origin, []) | {"explanations": [], "digest": digest_of(figures)}
        content: dict[str, Any] = {**figures, "filters": {}, "passport": passport}
        code = code_of(orjson.dumps(content))
        passport["permalink"] = f"/v1/permalinks/{code}"
        self._permalinks.keep(code, orjson.dumps(content), scope=scope, given_at=self._clock.now())
        return content

    def _towns(self, on: date, known_at: KnownAt) -> dict[str, tuple[str | None, str]]:
        """Return for each division the town that it is or lies in, with its name."""
        divisions = {each["key"]: each for each in self._store.records("division", on, known_at=known_at)}
        found: dict[str, tuple[str | None, str]] = {}
        for key in divisions:
            code, seen = key, set[str]()
            while code in divisions and divisions[code]["level"] != _TOWN and code not in seen:
                seen.add(code)
                code = divisions[code]["parent"] or ""
            if code in divisions and divisions[code]["level"] == _TOWN:
                found[key] = (code, divisions[code]["name"] or code)
        return found


def _counts(tally: Counter[str]) -> dict[str, Any]:
    return {kind: {"value": tally[kind]} for kind in OVERDUE}


def _code(wanted: Wanted, freshness: list[Freshness]) -> str:
    """Return the code of a bulletin: from all that decides what it says, and from nothing else."""
    decides = {
        "version": VERSION,
        "period": wanted.period.code,
        "sources": [
            [each.source, each.epoch, getattr(wanted.known_at, each.source), each.is_fresh] for each in freshness
        ],
        "scope": scope_json(wanted.principal.scope),
        "worklists": wanted.principal.may(_WORKLISTS),
    }
    return "bul-" + code_of(orjson.dumps(decides, option=orjson.OPT_SORT_KEYS))
