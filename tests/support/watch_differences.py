"""Random watches on random articles: what the matcher says, what `evaluate` says, and what a naive reading says."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise

from firstwire.core.watches.evaluate import evaluate, holds
from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.parser import parse
from firstwire.core.watches.query import Query
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.watch import Watch
from tests.support import naive_watches as naive
from tests.support.random_watches import Maker, document_of
from tests.support.small_gazetteer import GAZETTEER

WATCHES = 48
ARTICLES = 16


@dataclass
class Compared:
    """How many pairs were compared, and every one on which two did not agree, in words."""

    pairs: int = 0
    naive_pairs: int = 0
    matched: int = 0
    whole: int = 0
    """Watches that are no clauses and are judged whole."""
    differences: list[str] = field(default_factory=list)


def compare(seed: int, pairs: int, *, naively: bool) -> Compared:
    """Compare at least so many pairs of a watch and an article, all of a round in one matcher."""
    dice = random.Random(seed)
    found = Compared()
    while found.pairs < pairs:
        maker = Maker(dice)
        asked = [random_watch(maker, number) for number in range(WATCHES)]
        asked += [(f"again-{number}", *dice.choice(asked)[1:]) for number in range(3)]
        matcher = Matcher(Watch(id=name, text=query.text) for name, query, _ in asked)
        found.whole += matcher.judged_whole
        for _ in range(ARTICLES):
            article = maker.article()
            matching = [watch.id for watch in matcher.matching(document_of(article))]
            document = document_of(article)
            evaluated = [name for name, query, _ in asked if evaluate(query, document).matched]
            held = [name for name, query, _ in asked if holds(query.root, document)]
            said = {"the matcher": matching, "holds": held}
            if naively:
                said["the naive reading"] = [name for name, _, plain in asked if naive.holds(plain, article)]
                found.naive_pairs += len(asked)
            found.pairs += len(asked)
            found.matched += len(matching)
            texts = {name: query.text for name, query, _ in asked}
            for who, names in said.items():
                if names != evaluated:
                    wrong = [texts[name] for name in sorted({*names} ^ {*evaluated})]
                    found.differences.append(f"seed {seed}: {who} differs on {wrong!r} for {article!r}")
    return found


def random_watch(maker: Maker, number: int) -> tuple[str, Query, naive.Query]:
    """A watch's id, its query as parsed, and as the naive reading has it."""
    while True:
        text, plain = random_query(maker)
        try:
            return f"w{number}", parse(text, GAZETTEER), plain
        except QueryError as err:
            assert "none of its words" in err.message, f"{text!r}: {err}"


def random_query(maker: Maker) -> tuple[str, naive.Query]:
    dice = maker.dice
    match dice.randrange(24):
        case 0:  # alternatives of ANDs, which multiply
            parts = [maker.query(1) for _ in range(dice.choice([3, 8, 14]))]
            both = [(f"(({one}) ({other}))", ("and", [p, q])) for (one, p), (other, q) in pairwise(parts)]
            return " OR ".join(text for text, _ in both), ("or", [plain for _, plain in both])
        case 1:  # a NEAR with many alternatives on both sides
            sides = [[maker.term() for _ in range(dice.choice([3, 9, 12]))] for _ in range(2)]
            left, right = (f"({' OR '.join(text for text, _ in side)})" for side in sides)
            first, second = (("or", [plain for _, plain in side]) for side in sides)
            return f"{left} NEAR/1 {right}", ("near", first, second, 1)
        case 2:  # many clauses
            parts = [maker.query(0) for _ in range(dice.choice([5, 70]))]
            words = " OR ".join(f"({text})" for text, _ in parts[:2])
            rest = "".join(f" AND NOT ({text})" for text, _ in parts[2:])
            return f"({words}){rest}", (
                "and",
                [("or", [plain for _, plain in parts[:2]]), *(("not", plain) for _, plain in parts[2:])],
            )
        case _:
            return maker.query(dice.choice([0, 1, 1, 2, 2, 3, 4]))
