"""Quotes of an alert's evidence, with highlights. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firstwire.core.text.wording import harmless, one_line
from schemas import Alert, Span

QUOTE_LIMIT = 500
"""Code points of one quote: a title may be a whole paragraph."""

OTHER_QUOTES_LIMIT = 3
"""Quotes from summary and body."""


PASSAGE_GAP = 200
"""Code points between two words of evidence that are quoted together: about a sentence."""


@dataclass(frozen=True)
class QuotePiece:
    """A run of a quote's text."""

    text: str
    highlighted: bool = False


Quote = tuple[QuotePiece, ...]


def quotes_of(alert: Alert) -> tuple[Quote, ...]:
    """The lead's title with its evidence highlighted, then evidence from summary and body, not on record whole:
    words that stand near each other are one quote.

    The title is omitted if it contains no evidence and equals the headline.
    """
    title = alert.lead.title
    spans = [span for span in alert.evidence if span.field == "title" and _fits(span, title)]
    quotes: list[Quote] = []
    if spans or one_line(title) != one_line(alert.headline):
        quotes.append(shortened(highlighted(title, spans)))
    passages = dict.fromkeys(map(_quoted, _passages(span for span in alert.evidence if span not in spans)))
    quotes += [
        (QuotePiece("… "), *shortened(passage), QuotePiece(" …"))
        for passage in [passage for passage in passages if passage][:OTHER_QUOTES_LIMIT]
    ]
    return tuple(quote for quote in quotes if any(piece.text.strip() for piece in quote))


def _passages(spans: Iterable[Span]) -> list[list[Span]]:
    """The spans in the order of their field, those of one passage together; passages as the evidence has them."""
    numbered = sorted(enumerate(spans), key=lambda each: (each[1].field, each[1].start, each[1].end))
    passages: list[list[tuple[int, Span]]] = []
    for number, span in numbered:
        last = passages[-1][-1][1] if passages else None
        if last is not None and last.field == span.field and span.start - last.end <= PASSAGE_GAP:
            passages[-1].append((number, span))
        else:
            passages.append([(number, span)])
    passages.sort(key=lambda passage: min(passage)[0])
    return [[span for _, span in passage] for passage in passages]


def _quoted(passage: Sequence[Span]) -> Quote:
    """The words of a passage, with an ellipsis for what is between them."""
    pieces: list[QuotePiece] = []
    end = passage[0].start
    for span in passage:
        text = one_line(span.text[max(0, end - span.start) :])
        if not text:
            continue
        if pieces:
            pieces.append(QuotePiece(" … " if span.start - end > 1 else " "))
        pieces.append(QuotePiece(text, highlighted=True))
        end = max(end, span.end)
    return tuple(pieces)


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
