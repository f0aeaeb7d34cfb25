"""Linkage opinions 联动意见: what Party work says of an enterprise when other departments award or support it."""
