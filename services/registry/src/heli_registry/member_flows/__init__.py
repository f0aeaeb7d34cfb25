"""Member flows 党员增减: how an organisation's members came and went in a year, line by line, adding up."""
