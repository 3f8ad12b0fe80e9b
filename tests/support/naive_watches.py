"""A second, slow reading of the query language, from its text alone: no index, no regular expression, all pairs tried.

It shares nothing with the evaluator it judges. A query is a nested tuple here, built by the test
together with its text.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

Query = tuple[Any, ...]
"""("term", text) ("exact", text) ("entity", id) ("value", field, pattern) ("in", field, q) ("not", q)
("and", [q]) ("or", [q]) ("near", left, right, n) ("before", left, right, n)"""

Names = dict[str, list[tuple[int, int]]]
"""By entity: where the entity finder found it in a field. What a name is, is tested with the finder."""

SPACELESS_NAMES = (
    *("CJK", "IDEOGRAPHIC ITER", "IDEOGRAPHIC CLOSING", "IDEOGRAPHIC NUMBER", "HANGZHOU", "OLD CHINESE", "MASU"),
    *("VERTICAL KANA", "VERTICAL IDEO", "HIRAGANA", "KATAKANA", "HENTAIGANA"),
    *("THAI", "LAO", "KHMER", "MYANMAR"),
)


SILENT = "\u0640\u00ad\u200d\u2060\ufeff\u061c\u200e\u200f"
"""Tatweel, soft hyphen, joiners, direction marks: no part of a word, not even of an exact one."""
APOSTROPHES = (
    "MODIFIER LETTER PRIME",
    "MODIFIER LETTER DOUBLE PRIME",
    "MODIFIER LETTER TURNED COMMA",
    "MODIFIER LETTER APOSTROPHE",
    "MODIFIER LETTER REVERSED COMMA",
    "MODIFIER LETTER RIGHT HALF RING",
    "MODIFIER LETTER LEFT HALF RING",
    "MODIFIER LETTER VERTICAL LINE",
    "MODIFIER LETTER DOUBLE APOSTROPHE",
    "LATIN CAPITAL LETTER SALTILLO",
    "LATIN SMALL LETTER SALTILLO",
)
ALIKE = {
    "LATIN SMALL LETTER DOTLESS I": "i",
    "ARABIC LETTER FARSI YEH": "ي",
    "ARABIC LETTER ALEF MAKSURA": "ي",
    "ARABIC LETTER KEHEH": "ك",
    "ARABIC LETTER HEH GOAL": "ه",
    "ARABIC LETTER ALEF WASLA": "ا",
    "ARABIC TATWEEL": "",
}
"""Letters that count as another one."""


def spoken(text: str) -> str:
    """Without silent characters. A zero-width non-joiner is a space in Arabic script and silent in others."""
    kept = ""
    for before, char in zip(" " + text, text, strict=False):
        if char == "\u200c":
            kept += " " if unicodedata.name(before, "").startswith(("ARABIC", "EXTENDED ARABIC")) else ""
        elif char not in SILENT:
            kept += char
    return kept


def tokens(text: str, *, wild: bool = False) -> list[str]:
    """Tokens as written, after NFKC."""
    return list(_tokens(text, wild))


@lru_cache(maxsize=4096)
def _tokens(text: str, wild: bool) -> tuple[str, ...]:
    found: list[str] = []
    glue = ""  # what the next character may join: "word", "spaceless" (marks only), or nothing
    for char in unicodedata.normalize("NFKC", spoken(text)):
        category = unicodedata.category(char)
        mark = category[0] == "M"
        word = category[0] in "LN" or char == "_" or (wild and char in "*?")
        word = word and unicodedata.name(char, "") not in APOSTROPHES
        if mark and glue:
            found[-1] += char
        elif mark:
            found.append(char)
            glue = "word"
        elif word and unicodedata.name(char, "").startswith(SPACELESS_NAMES):
            found.append(char)
            glue = "spaceless"
        elif word and glue == "word":
            found[-1] += char
        elif word:
            found.append(char)
            glue = "word"
        else:
            glue = ""
    return tuple(token for token in found if fold(token))


@lru_cache(maxsize=4096)
def _folded(text: str, *, wild: bool) -> tuple[str, ...]:
    return tuple(map(fold, tokens(text, wild=wild)))


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    kept = ""
    for char in unicodedata.normalize("NFD", text.casefold()).replace("\u06d5\u0654", "\u0647"):
        breve_of_short_i = char == "\u0306" and kept[-1:] == "и"
        if unicodedata.category(char) != "Mn" or breve_of_short_i or char in "\u3099\u309a":
            name = unicodedata.name(char, "")
            is_digit = name.startswith(("ARABIC-INDIC DIGIT ", "EXTENDED ARABIC-INDIC DIGIT "))
            kept += str(unicodedata.digit(char)) if is_digit else ALIKE.get(name, char)
    return unicodedata.normalize("NFC", kept)


def fits(pattern: str, word: str) -> bool:
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(fits(pattern[1:], word[at:]) for at in range(len(word) + 1))
    return bool(word) and pattern[0] in ("?", word[0]) and fits(pattern[1:], word[1:])


def places(query: Query, text: str, names: Names) -> list[tuple[int, int]]:
    """Every occurrence of a term in a field, as token numbers."""
    kind, what = query[0], query[1]
    if kind == "or":
        return [place for part in what for place in places(part, text, names)]
    if kind == "entity":
        return [place for start, end in names.get(what, ()) if (place := token_numbers(text, start, end)) is not None]
    there = tokens(text)
    if kind == "exact":
        wanted = tokens(what)
        return [(at, at + len(wanted)) for at in range(len(there)) if there[at : at + len(wanted)] == wanted]
    folded, patterns = _folded(text, wild=False), _folded(what, wild=True)
    return [
        (at, at + len(patterns))
        for at in range(len(folded) - len(patterns) + 1)
        if all(fits(pattern, folded[at + offset]) for offset, pattern in enumerate(patterns))
    ]


def token_numbers(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The tokens that a name stands in; None if it has no letter. It may begin inside a token: `بطالبان`."""
    before, after, whole = len(tokens(text[:start])), len(tokens(text[start:])), len(tokens(text))
    first, stop = before - (before + after > whole), len(tokens(text[:end]))
    return (first, stop) if first < stop else None


def close(query: Query, text: str, names: Names) -> bool:
    kind, left, right, distance = query
    for first, first_end in places(left, text, names):
        for second, second_end in places(right, text, names):
            if 0 <= second - first_end <= distance:
                return True
            if kind == "near" and 0 <= first - second_end <= distance:
                return True
    return False


def holds(query: Query, article: dict[str, Any], fields: tuple[str, ...] = ("title", "summary", "body")) -> bool:
    """Whether a query holds for an article: a mapping of text fields, values, `tag` (a list) and `names`."""
    match query[0]:
        case "and":
            return all(holds(part, article, fields) for part in query[1])
        case "or":
            return any(holds(part, article, fields) for part in query[1])
        case "not":
            return not holds(query[1], article, fields)
        case "in":
            return holds(query[2], article, (query[1],))
        case "near" | "before":
            return any(close(query, article[field], article["names"][field]) for field in fields)
        case "value":
            return value_holds(query[1], query[2], article)
        case _:
            return any(places(query, article[field], article["names"][field]) for field in fields)


def value_holds(field: str, pattern: str, article: dict[str, Any]) -> bool:
    values = article["tag"] if field == "tag" else [article[field]] if article[field] is not None else []
    wanted = folded_value(pattern)
    for value in values:
        whole = folded_value(value)
        parts = whole.split("-") if field == "lang" else [whole]
        if any(fits(wanted, "-".join(parts[: count + 1])) for count in range(len(parts))):
            return True
    return False


def folded_value(text: str) -> str:
    """A whole value; all apostrophes are one."""
    plain = ""
    for char in fold(unicodedata.normalize("NFKC", spoken(text))):
        plain += "'" if unicodedata.name(char, "") in APOSTROPHES or char in "‘’‛′՚׳`" else char
    return plain
