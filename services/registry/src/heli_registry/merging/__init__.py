"""Merging: an enterprise that was recorded twice becomes one; the record that goes is closed, never deleted."""
