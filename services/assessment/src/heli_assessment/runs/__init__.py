"""Runs: one rulebook version applied to all its subjects, pinned to what it was computed from."""
