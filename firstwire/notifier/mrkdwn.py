"""Untrusted text for Slack's markup: escaped, without mentions or formatting, cut to a length. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from firstwire.core.text.wording import harmless
from firstwire.notifier.fitting import length, taken
from firstwire.notifier.quotes import QuotePiece

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
"""Slack has no escape for its formatting characters; `_` stays, since names contain it and italics do no harm."""

_WORD_EDGE = "\u200b"
"""Bold needs a word boundary on both sides; a zero-width space makes one inside a word and in Chinese or Japanese."""

_BOLD_LENGTH = 4
"""Two asterisks and at most two zero-width spaces."""


def escaped(text: str, limit: int) -> str:
    """One line of text with & < > escaped, at most `limit` long, never cut inside an entity."""
    return _taken(harmless(text), limit)[0]


def plain_marks(text: str, limit: int) -> str:
    """Like `escaped`, for mrkdwn: no character of it formats."""
    return escaped(text.translate(_LOOKALIKES), limit)


def bold_quote(quote: Iterable[QuotePiece], limit: int) -> str:
    """A quote as mrkdwn with its highlights bold, at most `limit` long, with every bold run closed."""
    written, pieces = "", list(quote)
    for piece, follower in zip(pieces, [*pieces[1:], QuotePiece("")], strict=False):
        room = limit - length(written) - (_BOLD_LENGTH if piece.highlighted else 0)
        text, whole = _taken(harmless(piece.text.translate(_LOOKALIKES)), room)
        core = text.strip()
        if piece.highlighted and core:
            lead, _, trail = text.partition(core)
            before = _WORD_EDGE if written[-1:].isalnum() and not lead else ""
            after = _WORD_EDGE if follower.text[:1].isalnum() and not trail else ""
            written += f"{lead}{before}*{core}*{trail}{after}"
        else:
            written += text
        if not whole:
            break
    return written


def _taken(text: str, limit: int) -> tuple[str, bool]:
    """The escaped text, cut to fit and then ending in an ellipsis; and whether it fit whole."""
    return taken([_ENTITIES.get(char, char) for char in text], limit)
