"""Text as the core sees it: folded words that remember where they stood, sentences, and the language."""
