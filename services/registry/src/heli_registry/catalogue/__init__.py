"""Catalogue 政务数据共享目录: what the registry shares, field by field, under which class, basis and rhythm."""
