"""The ledger of firsts, and firsts within a scope or a group."""
