"""Drawing and finding samples."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from heli_assessment.rulebooks.service import get_version, planned
from heli_shared.db.engine import transaction
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput, NotFound
from heli_shared.kernel.pages import Page
from heli_shared.records.calls import RecordCall

if TYPE_CHECKING:
    from heli_assessment.intake.asking import FactSource
    from heli_assessment.samples.domain import Sample


class SampleService:
    """Draws, once for all, and finds what was drawn."""

    def __init__(self, engine: sa.Engine, source: "Callable[[], FactSource]") -> None:
        """Store samples in the database of `engine`, drawn from lists of what `source` makes."""
        self._engine = engine
        self._source = source

    def create(
        self, call: RecordCall, *, rulebook: str, version: int | None, seed: str, on: date | None, known_at: int | None
    ) -> "tuple[Sample, bool]":
        """Return the sample of these pins and whether it is new; the same pins always draw the same."""
        from heli_assessment.intake.domain import Wanted
        from heli_assessment.samples.domain import Sample, draws_of, populations, sample_id

        stored = get_version(call, rulebook, version)
        book = planned(stored.body).book
        today = call.clock.today()
        day = on or today
        if day > today:
            late = FieldProblem("/on", f"不能晚于今天 {today}", f"must not lie after today, {today}")
            raise InvalidInput("抽查日期有误。", "The day of the sample is not valid.", errors=[late])
        wanted = populations(book)
        if not wanted:
            raise Conflict("该考核细则没有抽查项。", "The rulebook has no sampled item.")
        facts = self._source().facts(day, known_at, Wanted(book.subject_kind, wanted))
        pins = {"rulebook": rulebook, "version": stored.number, "seed": seed, "on": day.isoformat()}
        id_ = sample_id(**pins, epoch=facts.epoch, known_at=facts.known_at)
        sample = Sample(
            id=id_,
            rulebook=rulebook,
            version=stored.number,
            seed=seed,
            on=day,
            registry_epoch=facts.epoch,
            registry_known_at=facts.known_at,
            draws=draws_of(book, facts, seed),
            created_at=call.clock.now(),
            created_by=call.principal.id,
        )
        return self._store(sample)

    def _store(self, sample: "Sample") -> "tuple[Sample, bool]":
        from heli_assessment.samples.repository import add_sample, find_sample

        with transaction(self._engine, writes=False) as session:
            earlier = find_sample(session, sample.id)
        if earlier is not None:
            return earlier, False
        try:
            with transaction(self._engine, writes=True) as session:
                add_sample(session, sample)
        except IntegrityError:
            # Somebody else drew the same meanwhile: it is theirs.
            with transaction(self._engine, writes=False) as session:
                earlier = find_sample(session, sample.id)
            if earlier is None:
                raise
            return earlier, False
        return sample, True


def get_sample(call: RecordCall, sample: str) -> "Sample":
    """Return a sample; NotFound when there is none."""
    from heli_assessment.samples.repository import find_sample

    found = find_sample(call.session, sample)
    if found is None:
        raise NotFound(f"没有编号为 {sample} 的抽查。", f"There is no sample {sample}.")
    return found


def page_of_samples(call: RecordCall, *, cursor: str | None, limit: int) -> "Page[Sample]":
    """Return a page of samples, the newest first."""
    from heli_assessment.samples.repository import list_samples

    return list_samples(call.session, cursor=cursor, limit=limit)
