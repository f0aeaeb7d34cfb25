"""Intake: what assessment needs to know of the registry: its units, and the facts of one day."""
