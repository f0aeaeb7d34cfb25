"""Seams and databases for tests."""
