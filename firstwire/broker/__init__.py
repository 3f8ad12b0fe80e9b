"""Kafka without Faust: embedded broker, topics, confirmed producer, transactions, range reader."""
