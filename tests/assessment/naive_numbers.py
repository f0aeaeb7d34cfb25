"""Exact numbers of the naive scorer."""

from fractions import Fraction
from math import floor


def number(value):
    return Fraction(str(value))


def rounded(points):
    return Fraction(floor(points * 100 + Fraction(1, 2)), 100)
