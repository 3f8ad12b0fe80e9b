"""Stories: identity, near-duplicates, clusters and origins."""
