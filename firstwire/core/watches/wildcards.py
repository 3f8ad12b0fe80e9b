"""Patterns with `*` and `?` as regular expressions that never backtrack: hostile text cannot make them slow."""

from __future__ import annotations

import re
from functools import lru_cache

from firstwire.core.watches.tokens import WILDCARDS


def has_wildcard(word: str) -> bool:
    return WILDCARDS[0] in word or WILDCARDS[1] in word


@lru_cache(maxsize=65536)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for `fullmatch`: `*` matches any run of characters, also none; `?` exactly one code point.

    Between two stars the leftmost match suffices, so each is an atomic group and nothing is tried twice.
    """
    first, *rest = (_literal(piece) for piece in pattern.split("*"))
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{piece})" for piece in rest[:-1] if piece)
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def plain_prefix(pattern: str) -> str:
    """The characters before the first wildcard."""
    return re.split(r"[*?]", pattern, maxsplit=1)[0]


def _literal(piece: str) -> str:
    return "".join("." if char == "?" else re.escape(char) for char in piece)
