"""Repairs of a document's text before a parser sees it: one bad character must not lose a feed. Pure."""

from __future__ import annotations

import re
from html.entities import html5

REPLACEMENT = "\ufffd"
DIGITS_LIMIT = 8
"""More digits are no character; converting thousands takes seconds."""

_PROLOG = re.compile(r"[^<]{0,100}<\?xml[^>]*\?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_NAMED = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,31});")
_MARKS = frozenset("<>&\"'")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_HIGH_SURROGATES, _LOW_SURROGATES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
# XML 1.0 allows no control characters but tab and line ends, not even as references
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def repaired(text: str) -> str:
    """The document without its XML declaration, with references and characters that XML allows.

    HTML's names of characters become these, which is what they mean in embedded HTML too. Two references to the halves
    of a surrogate pair become the character that is meant.
    """
    prolog = _PROLOG.match(text)
    if prolog is not None:
        text = text[prolog.end() :]
    return with_valid_references(_NAMED.sub(_named, text.lstrip()))


def with_valid_references(text: str) -> str:
    """The text with references and characters that XML allows."""
    text = _REFERENCE.sub(_reference, text)
    if _FORBIDDEN.search(text) is None:
        return text
    text = _SURROGATE_PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _FORBIDDEN.sub(lambda char: REPLACEMENT if "\ud800" <= char[0] <= "\udfff" else "", text)


def _named(found: re.Match[str]) -> str:
    """The character of one of HTML's names, which XML does not know: feedparser's strict parser stops at it."""
    if found[1] in _OF_XML:
        return found[0]
    meant = html5.get(f"{found[1]};", found[0])
    return found[0] if meant in _MARKS else meant


def _reference(found: re.Match[str]) -> str:
    digits, base = (found[1], 16) if found[1] is not None else (found[2], 10)
    digits = digits.lstrip("0")
    number = int(digits or "0", base) if len(digits) <= DIGITS_LIMIT else 0x110000
    if number > 0x10FFFF:
        return REPLACEMENT
    if number in _HIGH_SURROGATES or number in _LOW_SURROGATES or _FORBIDDEN.match(chr(number)) is not None:
        return chr(number)
    return found[0]
