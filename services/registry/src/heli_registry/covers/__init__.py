"""Covers: which Party organisation covers which enterprise, dated by the ledger."""
