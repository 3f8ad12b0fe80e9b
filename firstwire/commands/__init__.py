"""What is typed: one file a command; cli.py puts them together."""
