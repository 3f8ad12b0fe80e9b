"""The ledger for its keepers: shown, corrected by hand, exported."""
