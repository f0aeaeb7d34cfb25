"""Proving a whole database offline: the ledger's chain is sound, and every current row is the fold of its entries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.db.engine import make_engine, transaction
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.tables import LedgerTables
from heli_shared.ledger.verifying import Verdict, verify_chain
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Moment, columns_of, iterate_as_of, record_of_row

_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved: the chain's verdict, how many rows were compared, and the keys of rows that differ."""

    chain: Verdict
    rows: int
    differing: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Say whether nothing was found wrong."""
        return self.chain.fault is None and not self.differing


def verify_database(url: str, ledger: LedgerTables, kinds: Sequence[RecordKind]) -> Proof:
    """Read a service's database from one snapshot and prove its ledger and its rows; changes nothing."""
    engine = make_engine(url)
    try:
        with transaction(engine, writes=False) as session:
            head = read_head(session, ledger)
            statement = sa.select(ledger.entries).order_by(ledger.entries.c.seq)
            with session.execute(statement, execution_options={"yield_per": _BATCH}) as entries:
                chain = verify_chain(entries, head_seq=head.seq, head_hash=head.hash)
            rows, differing = 0, []
            for kind in kinds:
                for key, is_equal in _compared(session, ledger, kind):
                    rows += 1
                    if not is_equal:
                        differing.append(f"{kind.plural}/{key}")
    finally:
        engine.dispose()
    return Proof(chain, rows, tuple(differing))


def _compared(session: Session, ledger: LedgerTables, kind: RecordKind) -> Iterator[tuple[str, bool]]:
    """Yield each key of a kind and whether its row and its fold say the same; both are read in order of keys."""
    key = kind.table.c[kind.key]
    statement = sa.select(*columns_of(kind)).order_by(key)
    rows = (record_of_row(kind, row) for row in session.execute(statement, execution_options={"yield_per": _BATCH}))
    folds = iterate_as_of(session, ledger, kind, Moment())
    row, folded = next(rows, None), next(folds, None)
    while row is not None or folded is not None:
        row_key, folded_key = _key(kind, row), _key(kind, folded)
        if folded is None or (row is not None and row_key < folded_key):
            yield row_key, False
            row = next(rows, None)
        elif row is None or folded_key < row_key:
            yield folded_key, False
            folded = next(folds, None)
        else:
            yield row_key, row == folded
            row, folded = next(rows, None), next(folds, None)


def _key(kind: RecordKind, record: dict[str, Any] | None) -> str:
    return "" if record is None else str(record[kind.key])
