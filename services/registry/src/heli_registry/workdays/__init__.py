"""Working days: the Chinese calendar with its shifted weekends, and the office's own corrections of it."""
