"""Rectification orders 督办单: what an inspection found, what is to be done until when, and whether it was."""
