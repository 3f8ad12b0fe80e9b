"""Matching one name in text: the word boundaries of its script, and the case that distinguishes Turkey from turkey."""

from __future__ import annotations

import unicodedata
from typing import Literal

import msgspec

from firstwire.core.text.folding import fold_text
from firstwire.core.text.word_lists import word_set

Role = Literal["name", "demonym", "capital", "leader", "ministry", "metonym", "alias", "within", "unlisted"]
"""`within`: a city, region or service of the nation, which implies its tag but never acts for it."""

ENDING_LIMIT = 4
"""Characters of the longest ending of a declined adjective: российск-ого, -ими."""

ACCENT_LENGTH = 4
"""Names up to this length must have their accents: `Çin` is no `Cin`."""

_ARABIC_PREFIXES = frozenset({"و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل", "فك"})
"""And, so; in, to, like; and their combinations, written onto the name."""
_ARTICLE = "ال"
_BEFORE_SHORTENED_ARTICLE = frozenset({"ل", "ول", "فل"})
"""After "to" the article loses its first letter: `للسعودية` is `ل` and `السعودية`."""

# Names that are also words: never found in text that is all lower case.
_COMMON_WORDS = word_set(
    """
    turkey china chad jordan guinea jersey georgia polish swiss pole poles mali niger cuba panama oman bush
    trump brown lima finish dane swede finn thai riga essex tusk kiwi aussie merz fico stubb indian american
    german english dutch french greek turk america persia holland wales maine victoria virginia florida paris
    london berlin lula golan congo malta lome apia dili doha oslo bern rome male
    """
)
SPELLED_LENGTH = 3
"""Letters of an acronym that is written in capitals alone."""


class NameForm(msgspec.Struct, frozen=True, gc=False):
    """A name prepared for matching. An empty `entity_id` marks a phrase that is not an entity."""

    entity_id: str
    folded: str
    exact: str
    """With its accents; empty for a name that is found without them."""
    role: Role
    stem: bool
    latin: bool
    acronym: bool
    any_case: bool
    """Given in lower case: French writes `talibans`."""
    shortened_article: bool = False
    """Without the first letter of its Arabic article, found only after "to"."""

    @classmethod
    def of(cls, entity_id: str, name: str, role: Role, *, stem: bool = False) -> NameForm:
        folded = fold_text(name)
        return cls(
            entity_id=entity_id,
            folded=folded,
            exact=_accented(name) if len(folded) <= ACCENT_LENGTH else "",
            role=role,
            stem=stem,
            latin=_is_latin(name),
            any_case=name.islower(),
            acronym=name.isupper() and name.isascii() and sum(map(str.isalpha, name)) > 1,
        )

    def with_prefixes(self) -> tuple[NameForm, ...]:
        """The form, and that of a name with an Arabic article after "to"."""
        if self.stem or not self.folded.startswith(_ARTICLE):
            return (self,)
        return self, msgspec.structs.replace(self, folded=self.folded[1:], shortened_article=True)


def is_never_inside(form: NameForm) -> bool:
    """Whether a name is never part of a longer word: one in an alphabet where nothing is written onto names."""
    return not (form.stem or form.shortened_article) and _script(form.folded[0]) == "other"


def is_inside_word(text: str, start: int, end: int) -> bool:
    """Whether the name between `start` and `end` is part of a longer word."""
    return _is_word(text, start - 1) or (_is_word(text, end) and text[end - 1].isalnum())


def fits_boundaries(text: str, start: int, end: int, form: NameForm) -> int:
    """The end of the name in folded text; -1 if it is part of another word."""
    script = _script(text[start])
    if script == "han":
        return end
    if script == "kana":
        return -1 if _is(text, start - 1, "kana") or _is(text, end, "kana") else end
    if form.stem:
        stop = end
        while stop < len(text) and text[stop].isalpha():
            stop += 1
        return stop if stop - end <= ENDING_LIMIT and not _is_word(text, start - 1) else -1
    if script == "hangul":
        return -1 if _is_word(text, start - 1) else end
    if _is_word(text, end) and text[end - 1].isalnum():
        return -1
    if form.shortened_article:
        return end if _letters_before(text, start) in _BEFORE_SHORTENED_ARTICLE else -1
    if not _is_word(text, start - 1):
        return end
    return end if script == "arabic" and _letters_before(text, start) in _ARABIC_PREFIXES else -1


def fits_case(found: str, form: NameForm, *, all_lower: bool) -> bool:
    """Whether the case and accents of the original letters fit a name. Only Latin script marks names by capitals."""
    if not form.latin:
        return True
    if len(form.folded) <= ACCENT_LENGTH and _accented(found) != form.exact:
        return False
    if form.any_case:
        return True
    letters = [char for char in found if char.isalpha()]
    if form.acronym:
        is_said = form.role == "name" and len(letters) > SPELLED_LENGTH  # "Nato", but no "Who"
        return all(char.isupper() for char in letters) or (is_said and letters[0].isupper())
    if any(char.isupper() for char in letters):
        return letters[0].isupper() or " " in found or "-" in found or "'" in found
    return all_lower and len(letters) > 3 and form.folded not in _COMMON_WORDS


def _is_latin(name: str) -> bool:
    """Whether a name has letters, all of them Latin."""
    found = False
    for char in name:
        if char.isalpha():
            if not (char < "\u0250" or "\u1e00" <= char <= "\u1eff"):
                return False
            found = True
    return found


def _script(char: str) -> str:
    if "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff":
        return "han"
    if "\u30a1" <= char <= "\u30ff":
        return "kana"
    if "\u0600" <= char <= "\u06ff" or "\u0750" <= char <= "\u077f":
        return "arabic"
    return "hangul" if "\uac00" <= char <= "\ud7af" else "other"


def _is(text: str, at: int, script: str) -> bool:
    return 0 <= at < len(text) and _script(text[at]) == script


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _letters_before(text: str, start: int) -> str:
    """The letters of the same word before a name."""
    begin = start
    while begin > 0 and text[begin - 1].isalpha():
        begin -= 1
    return text[begin:start]


def _accented(name: str) -> str:
    """A name without case, with its accents. All forms of `i` are one: Turkish `İran` and `Irak` have two capitals."""
    return unicodedata.normalize("NFC", name).casefold().replace("i\u0307", "i").replace("ı", "i")
