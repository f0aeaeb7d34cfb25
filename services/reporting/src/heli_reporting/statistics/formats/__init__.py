"""The same answer in the forms that other programs read; each module is imported when its form is first asked for."""
