"""Who did what first: the ledger, and firsts within a scope or a group."""
