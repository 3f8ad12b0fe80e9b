"""The rules in force at a time, and their history."""
