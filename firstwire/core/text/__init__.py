"""Text for the core: folded words with their offsets, sentences, and the language."""
