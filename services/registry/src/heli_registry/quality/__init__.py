"""Data quality: a catalogue of checks as data, what fails them today or on any past day, and the kept series."""
