"""Sample articles of the demonstration, all written for it."""
