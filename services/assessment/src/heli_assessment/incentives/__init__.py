"""Incentives 激励: stars, allowances and lists of names, proposed from a cycle and confirmed by a person."""
