"""Why: what was decided on an alert, an article or a text, as lines for people."""
