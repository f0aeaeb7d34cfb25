"""Reconciliation (the protocol of the W3C community group, version 0.2): dirty names in, candidates with scores out."""
