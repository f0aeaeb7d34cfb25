"""Worklists: what is due or overdue, most urgent first."""
