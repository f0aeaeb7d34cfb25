"""The append-only ledger: history, as-of folds, change feed and audit trail in one."""
