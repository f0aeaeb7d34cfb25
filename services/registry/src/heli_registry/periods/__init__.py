"""Reporting periods: figures that jump and cells that cannot be are explained before a period closes, then pinned."""
