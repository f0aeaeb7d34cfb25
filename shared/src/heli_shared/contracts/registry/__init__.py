"""What registry promises to its callers: who they are, its records, its feed."""
