"""From events and matches to alerts: fusion, corroboration, life cycle, headline."""
