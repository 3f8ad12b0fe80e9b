"""The language of feeds and entries: what is declared, held against what the text says.

Declared languages are often those of the program that wrote the feed, and short texts say little. So a text overrules
what is declared only if it is long enough to tell its language; otherwise a language counts that is written in its
script; else it is undetermined, until there is more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from firstwire.core.text.language import STATISTICAL, UNDETERMINED, is_told_by_letters, main_script

LETTERS_TO_TELL = {"latin": 60, "cyrillic": 45, "arabic": 45, "devanagari": 45, "han": 30}
"""Letters of a text that tell its language by statistics, or Chinese from a Japanese headline without kana. Of 800
texts of 37 real feeds with 60 Latin letters and more two were taken for another language, of 900 shorter ones 62."""

LETTERS_TO_OVERRULE = {"latin": 120, "cyrillic": 90, "arabic": 90, "devanagari": 90, "han": 60}
"""The same against a language that is declared, or known of the feed, and written in that script."""

LETTERS_OF_ONE_LANGUAGE = 8
"""The same where letters alone tell it. A name in another script is shorter."""

_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,4}", re.ASCII)
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})

_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "fil": "tl", "cmn": "zh", "yue": "zh"}
_CLOSE = (
    frozenset({"bs", "hr", "sh", "sl", "sr"}),
    frozenset({"bg", "mk", "sr"}),
    frozenset({"da", "no"}),
    frozenset({"id", "ms"}),
    frozenset({"cs", "sk"}),
    frozenset({"ca", "es", "gl", "pt"}),
    frozenset({"af", "nl"}),
    frozenset({"kk", "ky", "mn", "ru", "tg", "tt"}),
    frozenset({"hi", "mr", "ne"}),
    frozenset({"fa", "ps", "ug", "ur"}),
)
"""Languages that statistics confuse: of these what is declared counts."""

_SCRIPTS = {
    **{language: frozenset({script}) for script, languages in STATISTICAL.items() for language in languages},
    "zh": frozenset({"han"}),
    "ja": frozenset({"han", "kana"}),
    "ko": frozenset({"hangul", "han"}),
    "he": frozenset({"hebrew"}),
    "yi": frozenset({"hebrew"}),
    "el": frozenset({"greek"}),
    "th": frozenset({"thai"}),
    **{language: frozenset({"cyrillic", "latin"}) for language in ("az", "bs", "kk", "mn", "sr", "tk", "tt", "uz")},
}
"""The scripts of languages that are written in few; others may be in any."""


@dataclass(frozen=True, slots=True)
class SeenLanguage:
    """What a text says of its language. `language` is None if it is too short to tell."""

    script: str | None = None
    """That of its letters; None if it has none."""
    language: str | None = None
    is_clear: bool = False
    """It overrules what is declared."""


NOTHING_SEEN = SeenLanguage()


def language_tag(text: str | None) -> str | None:
    """A declared language in lower case, `en-us`; None if it is not a BCP 47 tag or not a single language."""
    tag = (text or "").strip().lower().replace("_", "-")
    if _LANGUAGE_TAG.fullmatch(tag) is None or tag.partition("-")[0] in _NO_LANGUAGE:
        return None
    return tag


def seen_language(text: str) -> SeenLanguage:
    """What a text says of its language."""
    script, letters = main_script(text)
    if not letters:
        return NOTHING_SEEN
    is_by_letters = letters >= LETTERS_OF_ONE_LANGUAGE and _is_told_by_letters(text, script)
    if letters < LETTERS_TO_TELL.get(script, 0) and not is_by_letters:
        return SeenLanguage(script)
    # The detector's model takes half a second to load; the workers have it already
    from firstwire.files.language_model import detect_language

    is_clear = is_by_letters or letters >= LETTERS_TO_OVERRULE.get(script, 0)
    return SeenLanguage(script, language_tag(detect_language(text)), is_clear)


def judged_language(seen: SeenLanguage, *guesses: str | None) -> str:
    """The language of a text: the first guess that agrees with it, else one in its script if the text is not clear.

    Without such a guess it is what the text says, `und` if it says nothing.
    """
    known = [guess for guess in guesses if guess is not None]
    agreeing = [guess for guess in known if seen.language is not None and _agree(guess, seen.language)]
    fitting = [] if seen.is_clear else [guess for guess in known if _fits(guess, seen.script)]
    return next(iter((*agreeing, *fitting)), seen.language or UNDETERMINED)


def _is_told_by_letters(text: str, script: str) -> bool:
    """Whether no statistics are needed. A headline in Japanese may have Chinese characters alone."""
    return script not in ("latin", "han") and is_told_by_letters(text, script)


def _agree(guess: str, seen: str) -> bool:
    one, other = _primary(guess), _primary(seen)
    return one == other or any({one, other} <= group for group in _CLOSE)


def _fits(language: str, script: str | None) -> bool:
    """Whether a language is written in a script; Latin letters stand in texts of all languages."""
    scripts = _SCRIPTS.get(_primary(language))
    return script is None or scripts is None or script in scripts


def _primary(tag: str) -> str:
    language = tag.partition("-")[0]
    return _SAME.get(language, language)
