"""Pure judgement: the same records and the same clock give the same alerts. No I/O, no clock of its own, no Kafka."""
