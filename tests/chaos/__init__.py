"""Kills every process at random moments and counts every record afterwards."""
