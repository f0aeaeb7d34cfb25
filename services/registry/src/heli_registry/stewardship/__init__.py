"""Stewardship: one source per field, what every department says kept beside it, and disputes until they are settled."""
