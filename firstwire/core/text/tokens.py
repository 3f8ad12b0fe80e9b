"""Tokens: the words of a text, folded, each with its range in the original.

A token is a maximal run of letters, digits, `_` and combining marks; in scripts written without spaces every
character is a token of its own.
"""

from __future__ import annotations

import re

import msgspec

from firstwire.core.text.folding import Folded, fold

SPACELESS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff"  # Burmese and its extensions
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff"  # iteration marks, kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)

SPACELESS_CHARACTER = re.compile(f"[{SPACELESS}]")

MARK = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u3099\u309a"
_TOKEN = re.compile(rf"[{SPACELESS}](?:(?![{SPACELESS}])[{MARK}])*|(?:(?![{SPACELESS}])[\w{MARK}])+")


class Token(msgspec.Struct, frozen=True):
    """One word: folded text, and its range in the original, in code points."""

    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """The tokens of a text, in order."""
    return tokens_of(fold(text))


def tokens_of(folded: Folded) -> list[Token]:
    """The tokens of a folded text."""
    return [Token(match[0], *folded.original(*match.span())) for match in _TOKEN.finditer(folded.text)]
