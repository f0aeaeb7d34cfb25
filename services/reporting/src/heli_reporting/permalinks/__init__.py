"""Permalinks: answers as they were given, to be read again years later."""
