"""Sectors 行业归口: the tree of trades by which departments and sector committees guide enterprises."""
