"""Marks: what only a person can judge, given to a unit for one item of a rulebook, with evidence."""
