"""Rulebooks: the language, its lint and cases, and the stored versions."""
