"""Assessment's tables in one metadata: the ledger, kept replies, and what every feature declares on top."""

from heli_shared.db.schema import new_metadata
from heli_shared.ledger.tables import ledger_tables
from heli_shared.records.calls import idempotency_table

METADATA = new_metadata()
LEDGER = ledger_tables(METADATA)
REPLIES = idempotency_table(METADATA)
