"""Sentences as the clauses and the lexicon read them, with the shipped parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.parsed_acts import Reader
from firstwire.core.events.parsed_sentence import ParsedAct
from firstwire.core.events.reading import sentences_of
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.parses import Parse, Tree, words_to_parse
from firstwire.files.lexicon import load_lexicon
from firstwire.files.reading_models import load_reading
from schemas.article import ArticleText
from tests.support.knowledge import shipped_gazetteer

MOMENT = "2031-05-14T09:00:00.000Z"


def readers_of(text: str, lexicon: Lexicon | None = None) -> Iterator[Reader]:
    """A reader for each sentence of a title."""
    lexicon = lexicon or load_lexicon()
    before: Sentence | None = None
    for sentence in _sentences(text):
        yield Reader(Tree(sentence, _parse(tuple(words_to_parse(sentence, lexicon)))), before, lexicon)
        before = sentence


def acts_in(text: str, lexicon: Lexicon | None = None) -> list[ParsedAct]:
    return [act for reader in readers_of(text, lexicon) for act in reader.acts()]


def as_read(acts: Iterable[ParsedAct]) -> str:
    """Acts as the lexicon's file writes them: "kenya recognize kosovo (negated) + kenya open_embassy"; or "nothing"."""
    return " + ".join(_as_read(act) for act in acts) or "nothing"


def _as_read(act: ParsedAct) -> str:
    actors = ", ".join(one.id for one in act.actors) or "nobody"
    targets = ", ".join(one.id for one in act.targets)
    status = "" if act.status.status == "asserted" else f"({act.status.status})"
    return " ".join(filter(None, (actors, act.action, targets, status)))


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
