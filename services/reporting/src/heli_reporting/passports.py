"""Passports: what goes with every answer so that it can explain itself, and the words of its parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from heli_reporting.history.domain import SOURCES_ZH, KnownAt
from heli_reporting.intake.domain import Freshness, Status
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Unavailable
from heli_shared.statistics.measures import Measure


class Shown(BaseModel):
    """Something that is only ever sent, never received: all members are always there."""

    model_config = ConfigDict(extra="forbid")


class Definition(Shown):
    """What a number means: the version that was used, in words, and the document it rests on."""

    measure: str = Field(examples=["organization_coverage"])
    version: str
    name: str
    definition: str
    basis: str
    unit: str


class Source(Shown):
    """How far an answer knows a source and how fresh that was."""

    name: str = Field(examples=["registry"])
    status: Status
    epoch: str | None
    known_at: int
    fetched_at: datetime | None
    age_seconds: int | None
    error: str | None


class KnownAtShown(Shown):
    """The last seq of each ledger that counts."""

    registry: int
    assessment: int


class ScopeShown(Shown):
    """For whose part of the county the answer holds."""

    everything: bool
    divisions: list[str]
    zones: list[str]


class Passport(Shown):
    """Where an answer comes from: definitions, day, how far each ledger is known, freshness, filters and scope."""

    definitions: list[Definition]
    on: date
    structure_on: date = Field(description="The day whose structure places the rows: `on`, or today for structure=now")
    known_at: KnownAtShown
    sources: list[Source]
    stale: bool
    filters: dict[str, list[str]]
    scope: ScopeShown
    computed_at: datetime


class ExplanationShown(Shown):
    """What a named person said in a reporting period; `person` is a record of people.

    It is about a `figure` of a unit that jumped, or about a `record` that fails a `check` and is among the rows that
    are counted.
    """

    id: str
    period: str = Field(examples=["2026H1"])
    unit: str
    unit_name: str
    division: str | None
    zone: str | None
    measures: list[str] = Field(description="The measures asked for that move with the figure or count the record")
    check: str | None = Field(examples=["enterprise.members-over-staff"])
    record_kind: str | None = Field(examples=["enterprise"])
    record: str | None
    record_name: str | None
    figure: str | None
    compared_with: str | None
    value: str
    previous: str | None
    text: str
    person: str


class FullPassport(Passport):
    """The passport of a statistic: explanations, the digest of its figures, and the link to read it again."""

    explanations: list[ExplanationShown]

    digest: str = Field(examples=["sha256:5f2c…"])
    permalink: str = Field(examples=["/v1/permalinks/k3m7q2x9d4w6p8ra"])


@dataclass(frozen=True, slots=True)
class Origin:
    """What an answer was made from, beside its own figures."""

    freshness: Sequence[Freshness]
    on: date
    known_at: KnownAt
    filters: Mapping[str, Sequence[str]]
    scope: Scope
    computed_at: datetime
    language: Literal["zh", "en"]
    structure_of: date | None = None


def known_by(asked: KnownAt, freshness: Sequence[Freshness]) -> KnownAt:
    """Return how far an answer made of several questions knows each source, so that all of them know the same.

    Where nothing was asked that is as far as the copy went before the first question; new data may come in between.
    """
    held = {each.source: each.known_at for each in freshness}
    given = {source: getattr(asked, source) for source in held}
    return KnownAt(**{source: held[source] if seq is None else seq for source, seq in given.items()})


def passport_of(origin: Origin, measures: Sequence[Measure]) -> dict[str, Any]:
    """Return the passport as JSON values (without digest and permalink)."""
    registry, assessment = origin.known_at.registry or 0, origin.known_at.assessment or 0
    return {
        "definitions": [_definition(measure, origin.language) for measure in measures],
        "on": origin.on.isoformat(),
        "structure_on": (origin.structure_of or origin.on).isoformat(),
        "known_at": {"registry": registry, "assessment": assessment},
        "sources": [_source(each, origin.known_at) for each in origin.freshness],
        "stale": not all(each.is_fresh for each in origin.freshness),
        "filters": {name: list(values) for name, values in origin.filters.items()},
        "scope": scope_json(origin.scope),
        "computed_at": instant(origin.computed_at),
    }


def _definition(measure: Measure, language: str) -> dict[str, str]:
    english = language == "en"
    return {
        "measure": measure.id,
        "version": measure.version,
        "name": measure.en if english else measure.zh,
        "definition": measure.definition_en if english else measure.definition_zh,
        "basis": measure.basis,
        "unit": measure.unit,
    }


def _source(freshness: Freshness, known_at: KnownAt) -> dict[str, Any]:
    known = getattr(known_at, freshness.source, None)
    return source_json(freshness) | {"known_at": freshness.known_at if known is None else known}


def source_json(freshness: Freshness) -> dict[str, Any]:
    """Return the freshness of a source as JSON values."""
    return {
        "name": freshness.source,
        "status": freshness.status,
        "epoch": freshness.epoch,
        "known_at": freshness.known_at,
        "fetched_at": None if freshness.fetched_at is None else instant(freshness.fetched_at),
        "age_seconds": freshness.age_seconds,
        "error": freshness.error,
    }


def scope_json(scope: Scope) -> dict[str, Any]:
    """Return a scope as JSON values."""
    return {"everything": scope.everything, "divisions": list(scope.divisions), "zones": list(scope.zones)}


def instant(moment: datetime) -> str:
    """Return an aware UTC instant as ISO text with Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def check_answerable(freshness: Sequence[Freshness], *, strict: bool) -> None:
    """Refuse when there is no copy of registry yet, or when the caller wants fresh figures only and they are not."""
    stale = [each.source for each in freshness if not each.is_fresh]
    if any(each.status == "never" and each.source == "registry" for each in freshness):
        raise Unavailable(
            "还没有数据：请先同步（POST /v1/syncs），或确认登记服务已启动。",
            "There is no data yet: sync first (POST /v1/syncs), or see that the registry is running.",
            data={"sources": [source_json(each) for each in freshness]},
            retry_after=5,
        )
    if strict and stale:
        raise Unavailable(
            f"{'、'.join(SOURCES_ZH[each] for each in stale)}的数据不是最新的；如可接受旧数据，请去掉 strict=1。",
            f"The copy of {', '.join(stale)} is not up to date; leave out strict=1 to take the last good one.",
            data={"sources": [source_json(each) for each in freshness]},
            retry_after=5,
        )
