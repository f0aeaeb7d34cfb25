"""Censuses: a count of all enterprises of a territory as of one day, and what its checkers found on the spot."""
