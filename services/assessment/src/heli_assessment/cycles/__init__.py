"""Cycles: one run of a rulebook over its subjects, taken through self-assessment, two reviews, notice and archive."""
