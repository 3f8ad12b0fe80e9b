"""The words of a text, for comparing texts: runs of word characters, compatibility forms and case folded away.

In scripts written without spaces every character is a word of its own.
"""

from __future__ import annotations

import re
import unicodedata

from firstwire.core.text.tokens import SPACELESS

_WORD = re.compile(r"\w+")
_SPACELESS = re.compile(f"[{SPACELESS}]")
_WORD_OR_CHARACTER = re.compile(rf"(?=\w)[{SPACELESS}]|(?:(?![{SPACELESS}])\w)+")


def words(text: str) -> list[str]:
    """The folded words in order."""
    if text.isascii():
        return _WORD.findall(text.lower())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return (_WORD_OR_CHARACTER if _SPACELESS.search(folded) else _WORD).findall(folded)
