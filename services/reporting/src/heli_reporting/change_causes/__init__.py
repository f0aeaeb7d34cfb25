"""Change causes: how a number of one day became that of another, as an exact sum that leads to its rows."""
