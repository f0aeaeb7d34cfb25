"""Who may come in: principals, their secrets, roles and tokens."""
