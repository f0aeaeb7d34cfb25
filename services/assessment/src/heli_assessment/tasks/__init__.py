"""Tasks: what a unit and a person have to do until when, and how far they are."""
