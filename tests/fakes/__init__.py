"""Real servers and whole ports for tests."""
