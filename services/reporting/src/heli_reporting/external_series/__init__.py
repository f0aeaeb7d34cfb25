"""External series: published figures, each value with its source and its definition, to hold one's own against."""
