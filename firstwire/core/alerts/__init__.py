"""From events and matches to alerts: folding, corroboration, life cycle, headline."""
