"""Samples: what was drawn for each subject, from a seed and a list, so that anybody can draw it again."""
