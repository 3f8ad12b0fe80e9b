"""Rules as code: versions on the topic `rules`, examples, lint, rates, promotion, import."""
