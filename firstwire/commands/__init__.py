"""The command line: one file per command, assembled by cli.py."""
