"""Ledgered records: one way to create, change, close, re-open, read and list any kind of record."""
