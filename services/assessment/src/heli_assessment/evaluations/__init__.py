"""Evaluations of representatives 综合评价: departments' opinions, a suggested grade, a person's decision, re-checks."""
