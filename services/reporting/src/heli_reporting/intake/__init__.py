"""Intake: follows the ledgers of registry and assessment, and knows how fresh the copy is."""
