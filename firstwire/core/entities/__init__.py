"""Who and where: known entities by their names, forms of names, and names that no list knows."""
