"""The words of a text, for comparing texts: runs of word characters after NFKC and casefolding.

In scripts written without spaces every character is a word of its own.
"""

from __future__ import annotations

import re
import unicodedata

from firstwire.core.text.tokens import SPACELESS, SPACELESS_CHARACTER

_WORD = re.compile(r"\w+")
_WORD_OR_CHARACTER = re.compile(rf"(?=\w)[{SPACELESS}]|(?:(?![{SPACELESS}])\w)+")


_ASCII_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_SPACED = bytes(byte if byte in _ASCII_LETTERS else 0x20 for byte in range(256))


def words(text: str) -> list[str]:
    """The folded words in order."""
    if text.isascii():
        return words_as_spelled(text.lower())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return (_WORD_OR_CHARACTER if SPACELESS_CHARACTER.search(folded) else _WORD).findall(folded)


def words_as_spelled(text: str) -> list[str]:
    """Runs of word characters, not folded, in all scripts."""
    if text.isascii():  # four times as fast as the regular expression
        return text.encode("ascii").translate(_SPACED).decode("ascii").split()
    return _WORD.findall(text)
