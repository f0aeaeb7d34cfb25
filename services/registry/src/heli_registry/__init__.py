"""The registry: what is there, and who is responsible for it."""
