"""The closed vocabulary of scoring rules: one small class per kind."""
