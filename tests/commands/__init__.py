"""Commands as a user types them, each in a process of its own; no Kafka."""
