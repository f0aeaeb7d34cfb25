"""Instructors 党建指导员: who may be sent, from which unit, for which area, for how many and until when."""
