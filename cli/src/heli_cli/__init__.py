"""The command line `heli`: launcher and client of the three services."""
