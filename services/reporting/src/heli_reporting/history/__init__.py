"""History: a columnar copy of both ledgers and the statistics, rows and gaps that are read from it."""
