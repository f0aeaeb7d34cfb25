"""Alarms: what is late or falls behind plan, who is told and since when, in one list."""
