"""What assessment promises to its callers: its records and its feed."""
