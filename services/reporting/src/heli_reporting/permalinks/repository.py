"""Every SQL statement about answers that were given; their bytes are stored compressed."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
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
        dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
        self._unless_there = dialect.insert(ANSWERS).on_conflict_do_nothing(index_elements=[ANSWERS.c.code])

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
        with _when_busy(), transaction(self._engine, writes=True) as session:
            session.execute(self._unless_there, values)

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
