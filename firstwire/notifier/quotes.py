"""Quotes of an alert's evidence, with highlights. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstwire.core.text.wording import harmless, one_line
from schemas import Alert, Span

QUOTE_LIMIT = 500
"""Code points of one quote: a title may be a whole paragraph."""

OTHER_QUOTES_LIMIT = 3
"""Quotes from summary and body."""


@dataclass(frozen=True)
class QuotePiece:
    """A run of a quote's text."""

    text: str
    highlighted: bool = False


Quote = tuple[QuotePiece, ...]


def quotes_of(alert: Alert) -> tuple[Quote, ...]:
    """The lead's title with its evidence highlighted, then evidence from summary and body.

    The title is omitted if it contains no evidence and equals the headline.
    """
    title = alert.lead.title
    spans = [span for span in alert.evidence if span.field == "title" and _fits(span, title)]
    quotes: list[Quote] = []
    if spans or one_line(title) != one_line(alert.headline):
        quotes.append(shortened(highlighted(title, spans)))
    others = dict.fromkeys(one_line(span.text) for span in alert.evidence if span not in spans)
    texts = [text for text in others if text][:OTHER_QUOTES_LIMIT]
    quotes += [
        (QuotePiece("… "), *shortened((QuotePiece(text, highlighted=True),)), QuotePiece(" …")) for text in texts
    ]
    return tuple(quote for quote in quotes if any(piece.text.strip() for piece in quote))


def bracketed(quote: Quote) -> str:
    """The quote as plain text, highlights in brackets."""
    return "".join(f"[{piece.text}]" if piece.highlighted else piece.text for piece in quote)


def _fits(span: Span, text: str) -> bool:
    return span.start < span.end and text[span.start : span.end] == span.text


def highlighted(text: str, spans: Sequence[Span]) -> Quote:
    """The text split at the ends of the spans; spans that overlap or touch are merged."""
    pieces: list[QuotePiece] = []
    at = 0
    for start, end in _merged(spans):
        pieces += [QuotePiece(text[at:start]), QuotePiece(text[start:end], highlighted=True)]
        at = end
    pieces.append(QuotePiece(text[at:]))
    cleaned = (QuotePiece(harmless(piece.text), piece.highlighted) for piece in pieces)
    return tuple(piece for piece in cleaned if piece.text)


def _merged(spans: Sequence[Span]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if merged and span.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], span.end))
        else:
            merged.append((span.start, span.end))
    return merged


def shortened(quote: Quote) -> Quote:
    """At most QUOTE_LIMIT code points around the first highlight, with ellipses for omitted text."""
    length = sum(len(piece.text) for piece in quote)
    if length <= QUOTE_LIMIT:
        return quote
    before = 0
    for piece in quote:
        if piece.highlighted:
            break
        before += len(piece.text)
    start = min(max(0, before - QUOTE_LIMIT // 3), length - QUOTE_LIMIT) if before < length else 0
    end = start + QUOTE_LIMIT
    kept: list[QuotePiece] = [QuotePiece("…")] if start else []
    at = 0
    for piece in quote:
        text = piece.text[max(0, start - at) : max(0, end - at)]
        if text:
            kept.append(QuotePiece(text, piece.highlighted))
        at += len(piece.text)
    return (*kept, QuotePiece("…")) if end < length else tuple(kept)
