"""Withdrawals of a report by the outlet, and denials by the actor. Narrow on purpose."""

from __future__ import annotations

import re

from firstwire.core.events.actions import WITHOUT_DIRECTION
from firstwire.core.events.detection import DetectedEvent
from schemas.article import ArticleText

HEAD_CHARACTERS = 400
"""Characters at the beginning of the text that are searched for a notice."""

_TITLE = re.compile(
    r"^\s*[\[(*]*\s*(?P<cue>(?i:mandatory kill|kill notice|(?:story|article) (?:killed|withdrawn|retracted|removed)"
    r"|retracted|retraction|withdrawn)|KILL)\s*[\])*]*\s*(?::|[-–—]\s|(?<=[\])*]))"
    r"|[\[(]\s*(?P<tail>(?i:retracted|withdrawn|killed))\s*[\])]\s*$"
)
_TEXT = re.compile(
    r"\bmandatory kill\b"
    r"|\b(?<!version of )this (?:story|article|report|dispatch) (?:has been|is|was) (?:hereby )?"
    r"(?:withdrawn|retracted|killed)\b"
    r"|\b(?:has|have) (?:withdrawn|retracted) this (?:story|article|report|dispatch)\b"
    r"|\bplease disregard this (?:story|article|report|dispatch)\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"^\s*[\[(]?\s*(?:correction|corrected|corrects|clarification)\s*[\])]?\s*[:–—-]", re.IGNORECASE
)
_WHO = r"^(?:['’]s(?: [\w-]+){1,4}|\s(?:government|authorities|(?:foreign|prime)\s(?:ministry|minister)))?,?\s+"
_WHEN = r"(?:(?:has|have|had|again|later|also|officially|swiftly|on \w+day)\s+)*"
_REPORT = r"(?:the\s+)?(?:(?:media|press|news)\s+)?(?:report|claim|rumou?r|allegation)s?\s+"
_ITSELF = r"(?:that\s+)?(?:it|they|he|she)\s+(?:(?:has|have|had|ever)\s+)*"
_DENIES = re.compile(
    rf"{_WHO}{_WHEN}"
    rf"(?:den(?:y|ies|ied|ying)\s+(?:(?:{_REPORT})?{_ITSELF}|(?:{_REPORT}of\s+)?(?:ever\s+)?(?:having\s+)?)"
    rf"|(?:reject|dismiss|refute|rebut|dispute|debunk)(?:s|es|d|ed|ted)?\s+{_REPORT}{_ITSELF}"
    r"|(?:says?|said|insist(?:s|ed)|clarif(?:ies|ied))\s+(?:on \w+day\s+)?(?:that\s+)?(?:it|they|he|she)\s+"
    r"(?:(?:has|have|had|did)\s+(?:not|never)\s+(?:yet\s+)?|never\s+))"
    r"(?:formally\s+|officially\s+)?$",
    re.IGNORECASE,
)


def withdrawal_cue(article: ArticleText, event: DetectedEvent) -> str:
    """The words by which an outlet withdraws its report of an act; empty if it does not.

    A kill or retraction notice, or a correction that the act did not happen.
    """
    title = _TITLE.search(article.title)
    if title is not None:
        return str(title["cue"] or title["tail"])
    for text in (article.summary, article.body):
        found = _TEXT.search(text[:HEAD_CHARACTERS])
        if found is not None:
            return found[0]
    if event.status == "negated" and (corrected := _CORRECTED.search(article.title)) is not None:
        return corrected[0].strip(" :–—-[]()")
    return ""


def is_denied_by_actor(article: ArticleText, event: DetectedEvent) -> bool:
    """Whether the actor of the act denies it: "Russia denies recognizing", "Moscow says it has not …".

    Only if actor, denial and act follow each other: "Kabul denies that Russia …" is no evidence.
    """
    denying = 2 if event.action in WITHOUT_DIRECTION else 1  # either party may deny what both do
    if event.status != "negated" or len(event.actors) > denying or not event.actors or len(event.evidence) < 2:
        return False
    actor, act = event.evidence[:2]
    if actor.field != act.field or act.start <= actor.end:
        return False
    text: str = getattr(article, actor.field)
    return _DENIES.match(text[actor.end : act.start]) is not None
