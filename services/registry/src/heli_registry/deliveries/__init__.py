"""Deliveries 交付记录: every answer that carried rows out of the registry, with who took it and what for."""
