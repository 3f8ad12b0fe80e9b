"""Other programs' words and phrases as terms of a query."""

from __future__ import annotations

import re

from firstwire.core.watches.terms import PLAIN_PREFIX
from firstwire.core.watches.tokens import is_spaceless, pattern_tokens_of
from firstwire.rules.imports.mapped import UnmappedError

_BARE_TERM = re.compile(r"\w[\w*?]*")
_OPERATOR_WORD = re.compile(r"AND|OR|NOT|NEAR\d*|BEFORE\d*")
_QUOTE_MARKS = re.compile('["“”„‟＂]')
_INSIDE = "-'’.,:&/"
"""Marks allowed between words: a query matches the words and ignores the mark."""


def term_of(text: str) -> str:
    """A word, or several consecutive ones, as a term, without quotes around it. Raises UnmappedError."""
    text = " ".join(text.split())
    if len(text) > 1 and text[0] in "\"'“„" and text[-1] in "\"'”“":
        text = text[1:-1].strip()
    if _QUOTE_MARKS.search(text):
        raise UnmappedError("a quote inside a term")
    if not any(char.isalnum() for char in text):
        raise UnmappedError(f"no letter or digit in {text!r}")
    for at, char in enumerate(text):
        between = 0 < at < len(text) - 1
        if not (char.isalnum() or char.isspace() or char in "_*?" or _is_mark(char) or (char in _INSIDE and between)):
            raise UnmappedError(f"`{char}` is not part of a word, and queries match only words")
    return text if _BARE_TERM.fullmatch(text) and not _OPERATOR_WORD.fullmatch(text) else f'"{text}"'


def beginning_of(text: str) -> str:
    """The same for programs that find parts of words: with `*` at its end, if allowed there."""
    term = term_of(text)
    last = pattern_tokens_of(term)[-1].folded
    plain = re.split(r"[*?]", last)[0]
    if last.endswith("*") or len(plain) < PLAIN_PREFIX or is_spaceless(last[0]):
        return term
    return f'{term[:-1]}*"' if term.endswith('"') else f"{term}*"


def value_of(field: str, pattern: str) -> str:
    """`author:*alice*`. Raises UnmappedError for a quote, which values cannot contain."""
    if _QUOTE_MARKS.search(pattern):
        raise UnmappedError(f"{field}: cannot contain a quote")
    is_bare = re.search(r"[\s()]", pattern) is None
    return f"{field}:{pattern}" if is_bare else f'{field}:"{pattern}"'


def _is_mark(char: str) -> bool:
    """A combining mark belongs to the letter before it."""
    return bool(pattern_tokens_of(f"a{char}b")) and len(pattern_tokens_of(f"a{char}b")) == 1
