"""Forms: the tables that are sent upward, laid out as data, with their checks."""
