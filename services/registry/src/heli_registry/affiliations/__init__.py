"""Affiliations: the superior of each Party organisation, dated by the ledger."""
