"""Names and addresses made comparable: what two spellings of the same enterprise have in common."""
