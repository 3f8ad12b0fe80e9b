"""Word lists, written as text: one place to read, no quotation marks to trip over."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
