"""Sentences as the clauses and the lexicon read them, with the shipped parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.claimed_ranks import claims_of
from firstwire.core.events.claims import name_of_act
from firstwire.core.events.findings import Claim
from firstwire.core.events.learned_acts import LearnedFirst
from firstwire.core.events.parsed_acts import Reader
from firstwire.core.events.parsed_sentence import ParsedAct, ParsedSentence
from firstwire.core.events.reading import sentences_of
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.parses import Parse, Tree, words_to_parse
from firstwire.files.lexicon import load_lexicon
from firstwire.files.reading_models import load_reading
from schemas.article import ArticleText
from tests.support.knowledge import shipped_gazetteer

MOMENT = "2031-05-14T09:00:00.000Z"
AGREEING = LearnedFirst(1.0, "asserted", (), {})
"""As if the learned reading told of a nation's first, too."""


def readers_of(text: str, lexicon: Lexicon | None = None) -> Iterator[Reader]:
    """A reader for each sentence of a title."""
    lexicon = lexicon or load_lexicon()
    before: Sentence | None = None
    for sentence in _sentences(text):
        yield Reader(Tree(sentence, _parse(tuple(words_to_parse(sentence, lexicon)))), before, lexicon)
        before = sentence


def acts_in(text: str, lexicon: Lexicon | None = None) -> list[ParsedAct]:
    return [act for reader in readers_of(text, lexicon) for act in reader.acts]


def as_read(acts: Iterable[ParsedAct]) -> str:
    """Acts as the lexicon's file writes them: "kenya recognize kosovo (negated) + kenya open_embassy"; or "nothing"."""
    return " + ".join(map(_act_as_read, acts)) or "nothing"


def all_as_read(text: str, lexicon: Lexicon | None = None) -> str:
    """Acts, and claims of rank on anything else: "kenya 1 ban-cars of nation in Africa"; or "nothing"."""
    found = []
    for reader in readers_of(text, lexicon):
        acts = list(reader.acts)
        told = {each for act in acts for each in reader.sentence.tree.below(act.at)}
        found += [_act_as_read(act) for act in acts]
        claims = claims_of(reader.sentence, AGREEING)
        found += [_claim_as_read(reader.sentence, claim) for claim in claims if claim.verb not in told]
    return " + ".join(found) or "nothing"


def _act_as_read(act: ParsedAct) -> str:
    actors = ", ".join(one.id for one in act.actors) or "nobody"
    targets = ", ".join(one.id for one in act.targets)
    status = "" if act.status.status == "asserted" else f"({act.status.status})"
    return " ".join(filter(None, (actors, act.action, targets, status)))


def _claim_as_read(sentence: ParsedSentence, claim: Claim) -> str:
    actors = ", ".join(one.id for one in claim.actors)
    status = "" if claim.status == "asserted" else f"({claim.status})"
    kind = f"of {claim.kind}" if claim.kind is not None else ""
    act = name_of_act(sentence, claim, lambda: None)
    return " ".join(filter(None, (actors, str(claim.ordinal), act, kind, claim.scope, status)))


@cache
def _sentences(text: str) -> tuple[Sentence, ...]:
    article = ArticleText(
        article_id="a",
        title=text,
        summary="",
        body="",
        language="en",
        publisher_tags=(),
        published_at=MOMENT,
        fetched_at=MOMENT,
    )
    return tuple((one for one, _ in sentences_of(article, shipped_gazetteer())))


@cache
def _parse(words: tuple[str, ...]) -> Parse:
    return load_reading().parser(words)
