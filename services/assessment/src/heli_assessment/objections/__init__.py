"""Objections 异议: whoever is told an incentive, a grade or an opinion may ask that a person decides it anew."""
