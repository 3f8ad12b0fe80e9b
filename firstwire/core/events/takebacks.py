"""What takes a report back: the outlet withdraws its article, or the actor itself denies the act. Narrow on purpose."""

from __future__ import annotations

import re

from firstwire.core.events.detection import DetectedEvent
from schemas.article import ArticleText

HEAD_CHARACTERS = 400
"""Where a notice stands: at the beginning of the text."""

_TITLE = re.compile(
    r"^\s*[\[(*]*\s*(?P<cue>(?i:mandatory kill|kill notice|(?:story|article) (?:killed|withdrawn|retracted)|retracted"
    r"|retraction|withdrawn)|KILL)\s*[\])*]*\s*(?::|[-–—]\s|(?<=\]))"
    r"|[\[(]\s*(?P<tail>(?i:retracted|withdrawn|killed))\s*[\])]\s*$"
)
_TEXT = re.compile(
    r"\bmandatory kill\b"
    r"|\bthis (?:story|article|report|dispatch) (?:has been|is|was) (?:hereby )?(?:withdrawn|retracted|killed)\b"
    r"|\b(?:has|have) (?:withdrawn|retracted) this (?:story|article|report|dispatch)\b"
    r"|\bplease disregard this (?:story|article|report|dispatch)\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"^\s*[\[(]?\s*(?:correction|corrected|corrects|clarification)\s*[\])]?\s*[:–—-]", re.IGNORECASE
)
_DENIES = re.compile(
    r"^(?:['’]s(?: [\w-]+){1,4})?,?\s+(?:(?:has|have|had|again|later|also|officially|swiftly|on \w+day)\s+)*"
    r"(?:denies|denied|deny|denying)\s+"
    r"(?:(?:that\s+)?(?:it|they|he|she)\s+(?:has\s+|have\s+|had\s+|ever\s+)*|(?:ever\s+)?(?:having\s+)?)"
    r"(?:formally\s+|officially\s+)?$",
    re.IGNORECASE,
)


def withdrawal_cue(article: ArticleText, event: DetectedEvent) -> str:
    """The words by which an outlet withdraws what its article says of an act; empty if it does not.

    A kill or retraction notice, or a correction that says that the act did not happen.
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
    """Whether the one who denies the act is its actor: "Russia denies recognizing", "Moscow denied that it has …".

    Only where actor, denial and act follow each other: of "Kabul denies that Russia …" nothing is certain.
    """
    if event.status != "negated" or len(event.actors) != 1 or len(event.evidence) < 2:
        return False
    actor, act = event.evidence[:2]
    if actor.field != act.field or act.start <= actor.end:
        return False
    text: str = getattr(article, actor.field)
    return _DENIES.match(text[actor.end : act.start]) is not None
