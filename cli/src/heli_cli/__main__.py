"""`python -m heli_cli`: the command line heli."""

from heli_cli.main import run

run()
