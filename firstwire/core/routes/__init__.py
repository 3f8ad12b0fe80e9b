"""Who is told what and when: the tree of routes, grouping, silences, quiet hours, digests. The clock is handed in."""
