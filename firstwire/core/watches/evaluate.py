"""Whether a query holds for an article, with the words that made it true or the clause that failed."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.watches.document import Document, FieldText, Occurrence
from firstwire.core.watches.nearness import is_near, nearby
from firstwire.core.watches.occurrences import occurrences, occurs
from firstwire.core.watches.query import (
    TEXT_FIELDS,
    And,
    EntityTerm,
    Exact,
    InField,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Term,
    Value,
    terms_of,
)
from firstwire.core.watches.wildcards import compiled, has_wildcard
from schemas.record import Span

Fields = tuple[FieldText, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of a query on one article. `reason` names the clause that failed; it is empty for a match."""

    matched: bool
    evidence: tuple[Span, ...] = ()
    reason: str = ""


def evaluate(query: Query, document: Document) -> Evaluation:
    """Evaluate a query on an article. The evidence is the first occurrence of the first alternative that holds."""
    proof = _proof(query.root, document, document.filled)
    if proof is None:
        return Evaluation(False, reason=_failure(query, query.root, document, document.fields))
    if len(proof) > 1:
        proof = sorted(set(proof), key=_place)
    return Evaluation(True, tuple(proof))


def _place(span: Span) -> tuple[int, int, int]:
    return TEXT_FIELDS.index(span.field), span.start, span.end


def holds(root: Node, document: Document) -> bool:
    """Whether a query's tree holds, without evidence or reason: the `matched` of `evaluate`."""
    return _holds(root, document, document.fields)


def _holds(node: Node, document: Document, fields: Fields) -> bool:
    match node:
        case Phrase() | Exact() | EntityTerm():
            return any(occurs(node, field) for field in fields)
        case Near():
            return any(is_near(node, field) for field in fields)
        case InField():
            return _holds(node.part, document, tuple(field for field in fields if field.name == node.field))
        case Value():
            return value_holds(node, document)
        case Not():
            return not _holds(node.part, document, fields)
        case Or():
            return any(_holds(part, document, fields) for part in node.parts)
        case And():
            return all(_holds(part, document, fields) for part in node.parts)


def value_holds(node: Value, document: Document) -> bool:
    """Whether a pattern matches one of an article's values."""
    return any(value_matches(node, value) for value in document.values(node.field))


def value_matches(node: Value, value: str) -> bool:
    """Whether a pattern matches a whole value; a language also matches by its first subtags."""
    pattern = compiled(node.pattern)
    if pattern.fullmatch(value):
        return True
    if node.field != "lang":
        return False
    return any(char == "-" and pattern.fullmatch(value, 0, at) is not None for at, char in enumerate(value))


def _proof(node: Node, document: Document, fields: Fields) -> list[Span] | None:
    """The spans that make a node true, empty for values and absences; None if it does not hold."""
    match node:  # the frequent kinds first: an article asks for the proofs of all queries that match it
        case Phrase() | Exact() | EntityTerm():
            span = _first(node, document, fields)
            return None if span is None else [span]
        case Or():
            for part in node.parts:
                proof = _proof(part, document, fields)
                if proof is not None:
                    return proof
            return None
        case And():
            spans: list[Span] = []
            for part in node.parts:
                proof = _proof(part, document, fields)
                if proof is None:
                    return None
                spans += proof
            return spans
        case Near():
            return _near(node, fields)
        case InField():
            return _proof(node.part, document, tuple(field for field in fields if field.name == node.field))
        case Value():
            return [] if value_holds(node, document) else None
        case Not():
            return [] if _proof(node.part, document, fields) is None else None


def _first(term: Term, document: Document, fields: Fields) -> Span | None:
    """The first occurrence of a term. In all fields it is remembered: the watches of an article share its words."""
    if fields is not document.filled:
        return _first_in(term, fields)
    known = document.first_spans
    key = term.id if isinstance(term, EntityTerm) else (isinstance(term, Exact), term.words)
    if key not in known:
        known[key] = _first_in(term, fields)
    return known[key]


def _first_in(term: Term, fields: Fields) -> Span | None:
    if isinstance(term, EntityTerm):
        named = next((field for field in fields if term.id in field.names), None)
        return None if named is None else named.cut(*named.names[term.id][0])
    if isinstance(term, Phrase) and len(term.words) == 1 and not has_wildcard(term.words[0]):
        return _first_of(term.words[0], fields)
    for field in fields:
        found = next(occurrences(term, field), None)  # those of one term are ascending
        if found is not None:
            return field.span(*found)
    return None


def _first_of(word: str, fields: Fields) -> Span | None:
    """The first occurrence of a plain word, which most terms are."""
    for field in fields:
        places = field.words.get(word)
        if places is not None:
            return field.span(places[0], places[0] + 1)
    return None


def _near(near: Near, fields: Fields) -> list[Span] | None:
    for field in fields:
        pair = nearby(near, field)
        if pair is not None:
            return [_evidence(near, occurrence, field) for occurrence in pair]
    return None


def _evidence(near: Near, occurrence: Occurrence, field: FieldText) -> Span:
    """The text of an occurrence; of an entity its name alone, without letters written onto it."""
    for term in (*terms_of(near.left), *terms_of(near.right)):
        if isinstance(term, EntityTerm):
            for place, (start, end) in field.named(term.id):
                if place == occurrence:
                    return field.cut(start, end)
    return field.span(*occurrence)


def _failure(query: Query, node: Node, document: Document, fields: Fields) -> str:
    """Why a node does not hold, down to the first clause that failed."""
    match node:
        case And():
            failed = next(part for part in node.parts if _proof(part, document, fields) is None)
            return _failure(query, failed, document, fields)
        case InField():
            own = tuple(field for field in fields if field.name == node.field)
            return _failure(query, node.part, document, own)
        case Or():
            return f"no alternative holds of {query.words(node)}"
        case Value():
            values = document.values(node.field)
            known = ", ".join(values) if values else "not known"
            return f"{query.words(node)} fails: {node.field} is {known}"
        case Not():
            spans = _proof(node.part, document, fields)
            seen = f": {spans[0].text!r} occurs in {spans[0].field}" if spans else ""
            return f"{query.words(node)} fails{seen}"
        case Near():
            return _apart(query, node, fields)
        case _:
            return f"{query.words(node)} does not occur in {_names(fields)}"


def _apart(query: Query, near: Near, fields: Fields) -> str:
    for side in (near.left, near.right):
        if not any(next(occurrences(side, field), None) for field in fields):
            return f"{query.words(side)} does not occur in {_names(fields)}"
    order = ", in this order" if near.ordered else ""
    return f"{query.words(near)} fails: never in one field with at most {near.distance} words between{order}"


def _names(fields: Fields) -> str:
    return ", ".join(field.name for field in fields)
