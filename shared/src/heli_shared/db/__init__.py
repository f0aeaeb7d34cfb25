"""Engines, sessions, column types and migrations, the same on SQLite and PostgreSQL."""
