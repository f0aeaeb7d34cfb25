"""The board: where a county stands in one call, and the page that shows it."""
