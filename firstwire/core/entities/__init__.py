"""Entities in text: known ones by the forms of their names, and names that no list contains."""
