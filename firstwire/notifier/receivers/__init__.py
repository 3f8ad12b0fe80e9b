"""One file per type of receiver: its settings, its requests, what its replies mean. A new file is a new type."""
