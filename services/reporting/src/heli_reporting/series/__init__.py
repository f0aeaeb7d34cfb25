"""Series: a statistic at the ends of months, quarters or years, counted in one pass."""
