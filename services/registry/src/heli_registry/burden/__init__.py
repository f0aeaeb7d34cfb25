"""Burden 减负: the forms that departments ask the grass roots to fill, and how much of them is held already."""
