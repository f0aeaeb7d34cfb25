"""Gaps: enterprises that should have something and have not, since when and why."""
