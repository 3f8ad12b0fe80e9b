"""Word lists written as plain text, without quotation marks."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The distinct words of a text separated by white space."""
    return frozenset(text.split())
