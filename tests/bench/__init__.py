"""Speed, always beside a peer in the same run: ratios, never absolute promises."""
