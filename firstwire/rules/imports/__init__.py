"""Converts other programs' lists and filters to watches, and reports every line that cannot be mapped."""
