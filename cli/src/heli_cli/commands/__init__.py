"""The groups of commands, one module each; `heli_cli.main` hangs them into the command line."""
