"""Yearly plans, quantified: what the county wants done this year."""
