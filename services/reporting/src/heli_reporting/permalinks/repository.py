"""Every SQL statement about answers that were given; their bytes are stored compressed."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from heli_reporting.permalinks.domain import Answer
from heli_reporting.permalinks.models import ANSWERS
from heli_shared.db.engine import transaction
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Unavailable

_FAST = 1


class Answers:
    """Keeps answers by their code for good."""

    def __init__(self, engine: sa.Engine) -> None:
        """Keep them in the database of `engine`."""
        self._engine = engine

    def add(self, answer: Answer) -> None:
        """Keep an answer; one that is kept already stays as it is."""
        values = {
            "code": answer.code,
            "body": zlib.compress(answer.body, _FAST),
            "scope": {
                "everything": answer.scope.everything,
                "divisions": list(answer.scope.divisions),
                "zones": list(answer.scope.zones),
            },
            "given_at": answer.given_at,
        }
        present = sa.select(sa.exists().where(ANSWERS.c.code == answer.code))
        with _when_busy(), transaction(self._engine, writes=True) as session:
            if not session.execute(present).scalar():
                try:
                    with session.begin_nested():
                        session.execute(sa.insert(ANSWERS), values)
                except IntegrityError:
                    return  # the same answer was kept by another request at the same moment

    def find(self, code: str) -> Answer | None:
        """Return the answer with a code, or None."""
        with _when_busy(), transaction(self._engine, writes=False) as session:
            row = session.execute(sa.select(ANSWERS).where(ANSWERS.c.code == code)).one_or_none()
        if row is None:
            return None
        kept = row.scope
        scope = Scope(kept["everything"], tuple(kept["divisions"]), tuple(kept["zones"]))
        return Answer(row.code, zlib.decompress(row.body), scope, row.given_at)


@contextmanager
def _when_busy() -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        raise Unavailable(
            "统计档案正忙，请稍后重试。", "The archive of answers is busy; try again in a moment.", retry_after=2
        ) from error
