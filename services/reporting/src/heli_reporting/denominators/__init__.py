"""Denominators: what became of every record of a query, in or out, and for which reason."""
