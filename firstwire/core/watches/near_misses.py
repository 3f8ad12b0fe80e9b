"""Watches that did not match an article: which of their parts it has, which it lacks, which it should not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import msgspec

from firstwire.core.watches.document import Document
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.parser import ANY_ENTITY, parse
from firstwire.core.watches.query import And, Near, Node, Not, Or, Query, Value
from schemas.rules import RuleState

SHOWN = 5
COMPARED_AT_MOST = 2_000
"""Watches, at about 0.1 ms each: an answer to a person, not to a machine."""
ALTERNATIVES = 4
"""Alternatives of an OR that are listed; the others are counted."""


class AskedWatch(msgspec.Struct, frozen=True):
    """A watch in force."""

    id: str
    query: str
    state: RuleState = "live"


class NearMiss(msgspec.Struct, frozen=True):
    """A watch that does not match."""

    rule_id: str
    has: tuple[str, ...]
    """The article's words that make parts of the query true."""
    lacks: tuple[str, ...]
    """The parts of the query that do not hold, as they are written; of two words that are too far apart why."""
    excluded_by: tuple[str, ...]
    """The NOTs that do not hold, with what the article has of them."""
    is_shadow: bool = False

    @property
    def line(self) -> str:
        said = [f"has {', '.join(self.has)}"] if self.has else []
        said += [f"excluded by {'; '.join(self.excluded_by)}"] if self.excluded_by else []
        said += [f"lacks {'; and '.join(self.lacks)}"] if self.lacks else []
        return f"{self.rule_id}{' (shadow)' if self.is_shadow else ''}: {'; '.join(said)}"


class NearMisses(msgspec.Struct, frozen=True):
    """The nearest of the watches that do not match, and how many others do not."""

    nearest: tuple[NearMiss, ...] = ()
    others: int = 0

    @property
    def lines(self) -> list[str]:
        more = "watch in force does" if self.others == 1 else "watches in force do"
        counted = [f"{self.others:,} {'other ' if self.nearest else ''}{more} not match"] if self.others else []
        return [*(each.line for each in self.nearest), *counted]


def near_misses(watches: Iterable[AskedWatch], document: Document) -> NearMisses:
    """Those that share most of their parts with the article first; live ones are shown though they share none."""
    asked = iter(watches)
    found: list[tuple[float, int, NearMiss]] = []
    for number, watch in enumerate(islice(asked, COMPARED_AT_MOST)):
        query = parse(watch.query, ANY_ENTITY)
        if not evaluate(query, document).matched:
            share, missed = _missed(watch, query, document)
            found.append((-share, number, missed))
    ranked = sorted(found, key=lambda each: each[:2])
    shown = tuple(missed for _, _, missed in ranked if missed.has or not missed.is_shadow)[:SHOWN]
    return NearMisses(shown, len(found) - len(shown) + sum(1 for _ in asked))


@dataclass(frozen=True)
class _Part:
    """A part of a query within its field, and whether the article has it."""

    node: Node
    holds: bool
    words: tuple[str, ...] = ()
    reason: str = ""


def _missed(watch: AskedWatch, query: Query, document: Document) -> tuple[float, NearMiss]:
    """The watch, and the share of its parts, but for NOTs, that the article has."""
    parts = list(_parts(query, query.root, document))
    excluded = [each.reason for each in parts if isinstance(each.node, Not) and not each.holds]
    wanted = [each for each in parts if not isinstance(each.node, Not)]
    held = [each for each in wanted if each.holds]
    has = dict.fromkeys(word for each in held for word in (each.words or (f"`{query.words(each.node)}`",)))
    lacks = dict.fromkeys(each.reason for each in wanted if not each.holds)
    missed = NearMiss(watch.id, tuple(has), tuple(lacks), tuple(excluded), watch.state == "shadow")
    return len(held) / max(len(wanted), 1), missed


def _parts(query: Query, node: Node, document: Document) -> Iterator[_Part]:
    """The conditions that must all hold. A NEAR is its two sides, and if both are there, that they are near."""
    match node:
        case And():
            for part in node.parts:
                yield from _parts(query, part, document)
        case Near():
            sides = [_part(query, side, document) for side in (node.left, node.right)]
            yield from sides
            near = _part(query, node, document)
            if not near.holds and all(side.holds for side in sides):
                yield near
        case _:
            yield _part(query, node, document)


def _part(query: Query, node: Node, document: Document) -> _Part:
    found = evaluate(Query(query.text, node), document)
    if found.matched:
        return _Part(node, True, _quoted(query, node, document))
    match node:
        case Or():
            return _Part(node, False, reason=_alternatives(query, node))
        case Near() | Value() | Not():
            words, _, why = found.reason.partition(" fails: ")
            return _Part(node, False, reason=f"{words} ({why})" if why else query.words(node))
        case _:
            return _Part(node, False, reason=query.words(node))


def _quoted(query: Query, node: Node, document: Document) -> tuple[str, ...]:
    """The article's words for a part that holds; of an OR those of each alternative."""
    alternatives = node.parts if isinstance(node, Or) else (node,)
    spans = (span for part in alternatives for span in evaluate(Query(query.text, part), document).evidence)
    return tuple(islice(dict.fromkeys(f'"{" ".join(span.text.lower().split())}"' for span in spans), ALTERNATIVES))


def _alternatives(query: Query, node: Or) -> str:
    listed = ", ".join(query.words(part) for part in node.parts[:ALTERNATIVES])
    more = len(node.parts) - ALTERNATIVES
    return f"{listed} and {more} more" if more > 0 else listed
