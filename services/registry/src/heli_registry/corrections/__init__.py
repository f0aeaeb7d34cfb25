"""Correction requests 校核纠错: a department asks for a value to be put right and is answered by a working day."""
