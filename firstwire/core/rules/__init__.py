"""The rules in force at a given time, and their history."""
