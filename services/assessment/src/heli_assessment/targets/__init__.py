"""Targets: which value of a statistic a unit is to reach by a day, with the document that says so."""
