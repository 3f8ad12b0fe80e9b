"""Stories: article identity, near-duplicates, clusters and origins."""
