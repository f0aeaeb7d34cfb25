"""The base list of a census: from everything registered to what is counted, and what must still be asked of whom."""
