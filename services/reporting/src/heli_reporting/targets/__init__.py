"""Targets: how far each unit is from the values it is to reach, on a day."""
