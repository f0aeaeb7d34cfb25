"""The reporting service: where do we stand, with every number able to show its rows."""
