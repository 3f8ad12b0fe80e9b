"""The ledger for its maintainers: reading, corrections by hand, export."""
