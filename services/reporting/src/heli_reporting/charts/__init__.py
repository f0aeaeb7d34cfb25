"""Charts: what a chart shows, as plain data, and its drawing as SVG."""
