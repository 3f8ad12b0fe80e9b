"""How good the judgements are on text that nobody here wrote, and beside what else there is."""
