"""Pure building blocks on the standard library alone: errors, clock, ids, pages, division codes, access."""
