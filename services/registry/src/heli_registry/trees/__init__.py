"""The three dated trees: territory 属地, sector 行业, affiliation 隶属, each as of any day, and what they count."""
