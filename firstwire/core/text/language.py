"""Language of a text, ISO 639-1: by its script, then its letters, then statistics; `und` if undetermined.

The statistical model is a parameter, as the core opens no file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

Classifier = Callable[[str, str], str]
"""(script, text) to the most likely language written in that script."""

UNDETERMINED = "und"
LETTERS_NEEDED = 3
SAMPLE_LENGTH = 2000
"""Code points examined: the statistics do not improve beyond."""

SHORT_LENGTH = 200
"""Code points below which statistics misjudge headlines, and other signs take precedence."""

_SCRIPTS = {
    "latin": "A-Za-zÀ-ɏḀ-ỿ",
    "cyrillic": "Ѐ-ԯ",
    "arabic": "\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "han": "\u3400-\u4dbf\u4e00-\u9fff",
    "kana": "\u3041-\u30ff",
    "hangul": "\u1100-\u11ff\uac00-\ud7af",
    "hebrew": "\u05d0-\u05ea",
    "greek": "Ͱ-Ͽ\u1f00-\u1fff",
    "devanagari": "\u0900-\u097f",
    "bengali": "\u0980-\u09ff",
    "gurmukhi": "\u0a00-\u0a7f",
    "gujarati": "\u0a80-\u0aff",
    "tamil": "\u0b80-\u0bff",
    "telugu": "\u0c00-\u0c7f",
    "kannada": "\u0c80-\u0cff",
    "malayalam": "\u0d00-\u0d7f",
    "sinhala": "\u0d80-\u0dff",
    "thai": "\u0e00-\u0e7f",
    "lao": "\u0e80-\u0eff",
    "burmese": "\u1000-\u109f",
    "khmer": "\u1780-\u17ff",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0530-\u058f",
    "ethiopic": "\u1200-\u137f",
}
_LETTERS_OF_SCRIPTS = {script: re.compile(f"[{letters}]") for script, letters in _SCRIPTS.items()}

_ONE_LANGUAGE = {
    "hangul": "ko",
    "hebrew": "he",
    "greek": "el",
    "bengali": "bn",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "sinhala": "si",
    "thai": "th",
    "lao": "lo",
    "burmese": "my",
    "khmer": "km",
    "georgian": "ka",
    "armenian": "hy",
    "ethiopic": "am",
}

_PRESENTATION_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
"""Arabic letters as they are drawn, which the telltale letters are not."""

# Letters that only one of the script's common languages uses; checked in this order.
_TELLTALE_LETTERS = {
    "cyrillic": (("be", "ўЎ"), ("uk", "іїєґІЇЄҐ"), ("mk", "ѓќѕЃЌЅ"), ("sr", "ђћџјљњЂЋЏЈЉЊ"), ("ru", "ыэёЫЭЁ")),
    "arabic": (("ps", "ټډړښځڅڼېۍ"), ("ur", "ٹڈڑںےہھ"), ("fa", "پچژگیک"), ("ar", "ةىيكإأ")),
}
STATISTICAL = {
    "latin": [
        "en",
        "fr",
        "de",
        "es",
        "pt",
        "it",
        "nl",
        "pl",
        "cs",
        "sk",
        "sl",
        "hr",
        "ro",
        "hu",
        "sv",
        "da",
        "no",
        "fi",
        "et",
        "lv",
        "lt",
        "tr",
        "az",
        "id",
        "ms",
        "vi",
        "sw",
        "sq",
        "eu",
        "ca",
        "gl",
        "af",
        "tl",
        "mt",
        "ga",
        "cy",
        "is",
    ],
    "cyrillic": ["ru", "uk", "bg", "mk", "sr", "kk", "ky", "mn", "be"],
    "arabic": ["ar", "fa", "ur", "ps", "ug"],
    "devanagari": ["hi", "mr", "ne"],
}

# Statistics misjudge short headlines; these words identify English reliably.
_ENGLISH = re.compile(
    r"\b(?:the|of|and|for|with|from|says?|after|over|its|has|have|been|will|by|government|first|to|recogni[sz]es?)\b"
)

# Of these, the ones that no other language writes: Danish has "for" and "over", Dutch "of", Spanish "has"
_ONLY_ENGLISH = re.compile(r"\b(?:the|and|with|from|says|its|have|been|first|recogni[sz]es?)\b")

# Written with an Arabic keyboard, Persian has letters of Arabic; none of these words is Arabic.
_PERSIAN = re.compile(
    r"\b(?:را|است|از|در|با|تا|که|كه|این|اين|شده|شود|بود|کرد|کرده|كرده|کند|كند|دارد|خواهد|برای|براي|باید|بايد|نیز|نيز|می|های|هاي)\b"
)

_PLAIN = {
    language: re.compile(rf"(?<![\w'’])(?:{'|'.join(words.split())})(?!\w)")
    for language, words in {
        "fr": "le la les des du et dans pour avec est au aux une sur par qui que l['’] d['’]",
        "es": "el los las del y en con para por una se su al que ha",
        "pt": "o os as do da dos das em com para por um uma na no não que ao à",
        "it": "il lo gli della del di che con per una nel dal alla è sono ha",
        "de": "der die das und den dem mit für von ist nicht im zum zur ein eine auf",
        "tr": "ve bir ile için bu olarak da de ilk oldu",
        "pl": "w z się że przez dla jest są nie oraz jako który która które został została",
    }.items()
}
"""Words that a text of the language has many of, and one of another language few."""
_PLAIN_SHARE = 0.12
"""Of the words of a text."""
_PLAIN_COUNT = 3
"""At least: English headlines have "as" and "no" too."""
_PLAINER = 2.0
"""Times as many as of the language that it is labeled with."""

_NEVER_LATIN = frozenset({"ru", "uk", "ar", "fa", "zh", "ja", "ko", "he", "el", "bg", "mk", "be", "ur", "ps", "hi"})


def language_of(text: str, classified: Classifier) -> str:
    """ISO 639-1 code of the main language of a text, `und` for empty or very short text."""
    sample = _sample(text)
    script, count = _main_script(sample)
    if count < LETTERS_NEEDED and not (script in {"han", "kana", "hangul"} and count >= 2):
        return UNDETERMINED
    if script in {"han", "kana"}:
        return "zh" if script == "han" else "ja"
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    return _by_letters(script, sample) or _by_statistics(script, sample, classified)


def main_script(text: str) -> tuple[str, int]:
    """The script of most letters of a text, and how many of them it has; any script if it has none."""
    return _main_script(_sample(text))


def is_told_by_letters(text: str, script: str) -> bool:
    """Whether the script or letters of a text tell its language, without statistics."""
    return script not in STATISTICAL or _by_letters(script, _sample(text)) is not None


def language_read(text: str, declared: str) -> str:
    """The language in which a text is read: that of its script and its plain words, else the declared one.

    ISO 639-1; `und` if nothing tells.
    """
    declared = declared.partition("-")[0].lower() or UNDETERMINED
    sample = text[:SAMPLE_LENGTH]
    script = _script_of(sample)
    if script is None:
        return declared
    if script != "latin":
        return _of_script(script, sample, declared)
    if is_plainly_english(sample):
        return "en"
    low = sample.lower()
    counts = {language: len(words.findall(low)) for language, words in _PLAIN.items()}
    plainest = max(counts, key=lambda language: counts[language])
    count = counts[plainest]
    is_plain = count >= max(_PLAIN_COUNT, _PLAIN_SHARE * len(low.split()), _PLAINER * counts.get(declared, 0))
    is_other = declared in {UNDETERMINED, "en", *_PLAIN} or declared in _NEVER_LATIN
    return plainest if is_plain and is_other else declared


def _script_of(text: str) -> str | None:
    """The script of most letters; None without enough of them."""
    script, letters = main_script(text)
    return script if letters >= LETTERS_NEEDED or (script == "han" and letters > 1) else None


def _of_script(script: str, sample: str, declared: str) -> str:
    if script in {"han", "kana"}:
        return declared if declared in {"ja", "zh"} else language_of(sample, lambda _, __: UNDETERMINED)
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    if declared in STATISTICAL.get(script, ()):
        told = _by_letters(script, sample)
        is_pair = {declared, told} in ({"ru", "uk"}, {"ar", "fa"})
        return told if told is not None and is_pair else declared
    return _by_letters(script, sample) or {"cyrillic": "ru", "arabic": "ar"}.get(script, UNDETERMINED)


def is_plainly_english(text: str) -> bool:
    """Whether so many words are English ones that a label of another language must be wrong."""
    sample = text[:SAMPLE_LENGTH].lower()
    return _reads_as_english(sample) and _ONLY_ENGLISH.search(sample) is not None


def _sample(text: str) -> str:
    sample = text[:SAMPLE_LENGTH]
    return unicodedata.normalize("NFKC", sample) if _PRESENTATION_FORM.search(sample) else sample


def _main_script(sample: str) -> tuple[str, int]:
    latin = len(_LETTERS_OF_SCRIPTS["latin"].findall(sample))
    if latin * 2 >= len(sample):  # no other script can have more: most texts are counted once
        return "latin", latin
    counts = {script: len(letters.findall(sample)) for script, letters in _LETTERS_OF_SCRIPTS.items()}
    if counts["kana"] * 10 >= counts["kana"] + counts["han"] and counts["kana"]:
        counts["kana"] += counts["han"]
    script = max(counts, key=lambda name: counts[name])
    return script, counts[script]


def _reads_as_english(sample: str) -> bool:
    return len(sample.split()) > 2 and _has_many(_ENGLISH, sample, 6)


def _has_many(words: re.Pattern[str], text: str, one_in: int) -> bool:
    """Whether at least one word in so many is one of these."""
    return len(words.findall(text)) * one_in >= len(text.split())


def _by_letters(script: str, sample: str) -> str | None:
    for language, letters in _TELLTALE_LETTERS.get(script, ()):
        if sum(sample.count(letter) for letter in letters) * 200 >= len(sample):
            return "fa" if language == "ar" and _has_many(_PERSIAN, sample, 10) else language
    return None


def _by_statistics(script: str, sample: str, classified: Classifier) -> str:
    is_short = script == "latin" and len(sample) < SHORT_LENGTH and sample.isascii()
    if is_short and _reads_as_english(sample.lower()):
        return "en"
    code = classified(script, sample)
    if code == "bg" and "ъ" not in sample and len(sample) < SHORT_LENGTH:
        return "ru"
    return code
