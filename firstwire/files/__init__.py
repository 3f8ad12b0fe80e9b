"""Files that people write: read with line and column in every error, written atomically."""
