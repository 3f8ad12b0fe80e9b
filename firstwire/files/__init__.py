"""Files that people write: read with line and column in every error, and written whole or not at all."""
