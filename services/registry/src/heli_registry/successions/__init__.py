"""Successions 撤并沿革: which places, units and sectors took whose place, and the merges and splits."""
