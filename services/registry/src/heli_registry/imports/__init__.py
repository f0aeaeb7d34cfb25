"""Lists from spreadsheets: read, cleaned, checked row by row and applied all at once."""
