"""Bulletins 通报: a period in words, tables and charts, every number with the code of the answer it comes from."""
