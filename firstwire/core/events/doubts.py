"""Words that make a whole sentence doubtful as the report of a fact: reported, possible, denied, untrue, invented."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

from firstwire.core.entities.sentence import Sentence
from firstwire.core.text.closed_words import MONTHS
from firstwire.core.text.folding import fold_text
from firstwire.core.text.word_lists import word_set

_ATTRIBUTED = word_set(
    """
    say says said saying tell tells told report reports reported reporting claim claims claimed claiming according
    source sources media allege alleges alleged deny denies denied denying denial insist insists insisted assert asserts
    asserted announces announced announcing confirms confirmed believe believes believed think thinks thought suggest
    suggests suggested hint hints hinted tweet tweets tweeted writes wrote quoted quotes quoting cites cited citing
    reveals revealed boast boasts boasted declares hears heard learns learned understands imagines imagined predicts
    predicted estimates warns warned argues argued tv radio newspaper daily agency website blog
    """
)
"""Somebody said it: the report is as good as the speaker, who may be a party to it."""

_HEDGED = word_set(
    """
    reportedly allegedly supposedly possibly perhaps potentially apparently maybe seemingly ostensibly purportedly
    purported alleged probably likely unlikely nearly almost virtually practically effectively tacitly implicitly
    informally symbolic symbolically partial partially partly conditional conditionally provisionally temporarily
    mistakenly mistake accidentally inadvertently erroneously erroneous unofficially quasi seems appears expected
    typo slip gaffe blunder glitch error principle draft opinion op-ed editorial analysis explainer quiz
    """
)
_UNTRUE = word_set(
    """
    hoax fake faked false falsely rumor rumors rumored rumour rumours rumoured unconfirmed unverified untrue myth
    doctored disinformation misinformation fabricated forged bogus debunked debunk debunks viral fact-check deepfake
    impostor prank pranksters satire satirical spoof parody april-fool april-fools
    """
)
_INVENTED = word_set(
    """
    novel film movie videogame game simulation simulated fictional fiction imaginary hypothetical scenario sitcom
    thriller screenplay joke jokes dream dreams fools
    """
)
_MODAL = word_set("will would could can may might shall should must ought 'll 'd cannot")
_NEGATED = word_set("not never no nor neither nobody none cannot without refuses refused refusing fails failed")
_CONDITIONAL = word_set("if unless provided providing until whether pending depending subject when")
_AHEAD = word_set("tomorrow soon upcoming forthcoming eventually")
_TAKEN_BACK = word_set(
    """
    reverses reversed reversal retracts retracted backtracks backtracked u-turn rescinds rescinded overturns overturned
    annuls annulled apologizes apologises nullifies nullified vetoes vetoed postpones postponed
    """
)
_REPORTED = "reported with"
_DOUBTS: tuple[tuple[str, frozenset[str]], ...] = (
    (_REPORTED, _ATTRIBUTED),
    ("hedged by", _HEDGED),
    ("perhaps untrue:", _UNTRUE),
    ("perhaps invented:", _INVENTED),
    ("a modal:", _MODAL),
    ("a negation:", _NEGATED),
    ("a condition:", _CONDITIONAL),
    ("still ahead:", _AHEAD),
    ("perhaps taken back:", _TAKEN_BACK),
)
_NEAR_MISSES = (
    "all but",
    "short of",
    "in everything but",
    "as good as",
    "de facto",
    "what if",
    "on paper",
    "in name only",
    "in waiting",
)
_SPEAKERS = word_set(
    """
    official officials minister ministers ministry president premier spokesman spokeswoman spokesperson envoy diplomat
    diplomats aide aides lawmaker analyst analysts experts expert rebels opposition government presidency press paper
    statement document documents leak leaks poll survey court judge researchers
    """
)
"""Behind a colon, a dash or a last comma they tell whose words a headline repeats: "…, officials"."""
_SPEAKER_REACH = 4
_YEAR_ASIDE = re.compile(r"[(\[]\s*\d{4}\s*[)\]]")
_TOKEN = re.compile(r"\w+(?:[-'’]\w+)*")
_QUOTES = frozenset('"“”„«»‟')


def doubt_in(sentence: Sentence, verb: int, denied: frozenset[int], end: int | None) -> str | None:
    """What makes the sentence doubtful as a report of the act at `verb`; None if nothing does.

    `denied` are positions of words that deny the act itself, which is no doubt. `end` is the last word of the plain
    form; None if there is none.
    """
    text = sentence.text
    if "?" in text or "؟" in text:
        return "a question"
    allowed = {sentence.words[at].start for at in denied}
    names = [(word.start, word.end) for word in sentence.words if word.mention is not None]
    for match in _TOKEN.finditer(text):
        start = sentence.start + match.start()
        if start in allowed or any(low <= start < high for low, high in names):
            continue
        doubt = _doubt_of(text, match)
        if doubt is not None:
            governs = doubt.startswith(_REPORTED) and start < sentence.words[verb].start
            return doubt.replace(_REPORTED, "governed by") if governs else doubt
    low = " ".join(word.low for word in sentence.words)
    miss = next((phrase for phrase in _NEAR_MISSES if phrase in low), None)
    if miss is not None:
        return f"a near miss: '{miss}'"
    return _told_after(sentence, end) if end is not None else None


def _doubt_of(text: str, match: re.Match[str]) -> str | None:
    word = fold_text(match[0]).replace("’", "'")
    if word in MONTHS and match[0][:1].isupper() and _is_beside_number(text, match):
        return None  # "on May 5"
    if word.endswith("n't"):
        return f"a negation: '{word}'"
    for part in {word, *word.split("'")}:
        for what, words in _DOUBTS:
            if part in words:
                return f"{what} '{word}'"
    return None


def _is_beside_number(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip()[:1]
    return before.isdigit() or after.isdigit()


def _told_after(sentence: Sentence, end: int) -> str | None:
    """A speaker behind the form: "…: minister", "…, officials"."""
    if _QUOTES & set(sentence.source[sentence.start : sentence.words[end].end]):
        return "in quotation marks"
    if _YEAR_ASIDE.search(sentence.text):
        return "of another year"
    words = sentence.words[end + 1 :]
    for word, following in pairwise(takewhile(lambda each: not each.is_punctuation, words)):
        if word.low in {"in", "by", "from", "since"} and (
            following.low in MONTHS or re.fullmatch(r"\d{4}", following.low)
        ):
            return f"of another day: '{word.low} {following.low}'"  # "recognizes Kosovo in June" may be ahead
    if any(word.low == ":" for word in words):
        return "a colon after it"
    marks = [at for at, word in enumerate(words) if word.low in {",", "-", "–", "—", "|", ";"}]
    last = words[marks[-1] + 1 :] if marks else []
    speaker = next((word.low for word in last if word.low in _SPEAKERS), None)
    if speaker is not None and len(last) <= _SPEAKER_REACH:
        return f"{_REPORTED} '{speaker}'"
    return None
