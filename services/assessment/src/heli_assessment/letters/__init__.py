"""Responsibility letters 责任书: made from the tree of units for a plan, signed, checked at half-year."""
