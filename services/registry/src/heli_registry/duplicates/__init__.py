"""Duplicates: enterprises that may be one and the same, why it seems so, and what somebody decided about it."""
