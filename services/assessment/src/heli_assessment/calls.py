"""Opening calls: who asks is asked of the registry before the transaction begins, so that no lock waits for it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import Request
from sqlalchemy.orm import Session

from heli_assessment.database import LEDGER, REPLIES
from heli_shared.kernel.access import Principal
from heli_shared.kernel.clock import Clock
from heli_shared.records.calls import Beside, RecordCall, RecordCalls
from heli_shared.records.writing import Write
from heli_shared.web.calls import PUBLIC, bearer_token
from heli_shared.web.remote_principals import RemotePrincipals


@dataclass(frozen=True)
class AssessmentCalls:
    """Opens calls for principals of the registry on assessment's own database."""

    principals: RemotePrincipals
    records: RecordCalls

    @contextmanager
    def open(self, request: Request, *, permission: str, writes: bool) -> Iterator[RecordCall]:
        """Open a call in a transaction of its own for the principal whose token the request carries."""
        if permission != PUBLIC:
            self.principals.recognise(bearer_token(request))
        with self.records.open(request, permission=permission, writes=writes) as call:
            yield call


def open_calls(
    engine: sa.Engine, principals: RemotePrincipals, clock: Clock, *, beside: Sequence[Beside] = ()
) -> AssessmentCalls:
    """Return what opens calls on the database of `engine`; each `beside` sees every write and may refuse it."""

    def recognised(request: Request, _session: Session) -> Principal:
        # Asked a moment ago and remembered: this second look costs no question to the registry.
        return principals.recognise(bearer_token(request))

    return AssessmentCalls(principals, RecordCalls(engine, LEDGER, REPLIES, clock, recognised, _all(beside)))


def _all(beside: Sequence[Beside]) -> Beside:
    """Return what does one after the other: all look at the writes before any of them writes what goes after."""

    def every(call: RecordCall, writes: list[Write]) -> Callable[[], None]:
        rest = [each(call, writes) for each in beside]

        def after() -> None:
            for each in rest:
                if each is not None:
                    each()

        return after

    return every
