"""`python -m tests.quality.train_readings`: fits what stands beside the encoder, into seeds/reading-models.json.

The gate, which knows by words alone where a parse would find nothing; and what tells an article's news from its
background. Needs scikit-learn. `--blind ENCODER BATCH …` names an encoder that was not fitted on these batches of whole
articles (`train_encoder --held-out`): the news is learned from what it reads in them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import seeds
from firstwire.core.entities.mentions import find_mentions
from firstwire.core.events.act_features import word_features
from firstwire.core.events.background import genre_of
from firstwire.core.events.claimed_ranks import OF_NATIONS, claims_of
from firstwire.core.events.detection import read_article
from firstwire.core.events.findings import Claim, FoundAct
from firstwire.core.events.learned_acts import read_acts, read_first
from firstwire.core.events.news_features import is_open, news_features, told_of
from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.events.reading import NOTICED_AT, ReadingKnowledge, ReadingModels, ReadSentence
from firstwire.core.events.triggers import may_tell
from firstwire.core.language.linear_models import LinearModel
from firstwire.files.encoder import EnglishEncoder
from firstwire.files.lexicon import load_lexicon
from firstwire.files.parser import EnglishParser
from firstwire.files.reading_models import load_models, load_reading
from tests.quality.placing import Placing, english_sentences
from tests.quality.reading_sets import Item, LabeledAct, item_of, load_english, load_items, shared_sentences
from tests.quality.regressions import plain_model, regression

OUT = Path(seeds.__path__[0]) / "reading-models.json"
DRAWN_EVERY = 3
"""Of the sentences of the shared data, for the gate."""
NOTHING = {"acts": [], "alert_recognition": False, "alert_relation": False, "alert_first_nation": False}
OPEN = LinearModel(("gate",), (10.0,), {})
"""A gate that lets all pass."""


def gate(placing: Placing, reading: ReadingKnowledge) -> LinearModel:
    """Taught by what is found in the sentences of labeled items, and in every few of the shared data."""
    rows: list[dict[str, float]] = []
    finds: list[bool] = []
    for item in _items():
        published_on = item.article.fetched_at
        for sentence, context in english_sentences(item, placing.gazetteer):
            rows.append(word_features(sentence))
            finds.append(_finds(reading.read(sentence, context, published_on), reading))
    return regression(rows, ["gate" if yes else "" for yes in finds], strength=1.0, only="gate")


def _items() -> Iterator[Item]:
    for items in load_english().values():
        yield from items
    for number, text in enumerate(shared_sentences()):
        if number % DRAWN_EVERY == 0 and may_tell(text):
            yield item_of({"id": str(number), "title": text, "date": "2020-01-01", "label": NOTHING})


def _finds(read: ReadSentence, reading: ReadingKnowledge) -> bool:
    if any(act.actors or act.targets for act in read.reader.acts) or read_acts(read.encoded):
        return True
    first = read_first(read.encoded, at_least=NOTICED_AT)
    sentence = ParsedSentence(read.tree, None, reading.lexicon)
    return any(claim.claims_first or _is_of_nation(claim) for claim in claims_of(sentence, first))


def _is_of_nation(claim: Claim) -> bool:
    return claim.kind in OF_NATIONS and any(actor.kind == "nation" for actor in claim.actors)


def news(placing: Placing, blind: ReadingKnowledge, batches: Sequence[str]) -> LinearModel:
    """Taught by what is found in articles that the encoder of `blind` was not fitted on."""
    rows: list[dict[str, float]] = []
    told: list[str] = []
    for item in (item for batch in batches for item in load_items(batch)):
        if item.is_debatable:
            continue
        for finding, features in _in_body(placing, item, blind):
            rows.append(features)
            told.append("news" if any(_is_told(placing, finding, act) for act in item.acts) else "")
    return regression(rows, told, strength=0.03, only="news")


def _in_body(placing: Placing, item: Item, knowledge: ReadingKnowledge) -> Iterator[tuple[FoundAct, dict[str, float]]]:
    """What is found in the body of an article, before news is told from background, with its features."""
    read = read_article(item.article, find_mentions(item.article, placing.gazetteer), knowledge)
    told = told_of(read.findings, read.headline, genre_of(item.article.title), item.article.fetched_at[:10])
    for finding in read.findings:
        if is_open(finding):
            yield finding, news_features(finding, told)


def _is_told(placing: Placing, finding: FoundAct, act: LabeledAct) -> bool:
    """Whether an act of the item's news is the finding: the same act, or the same first, of one of its actors."""
    if act.status != "asserted" or not (finding.action == act.action or (act.ordinal == 1 and finding.ordinal == 1)):
        return False
    return bool(placing.ids(act.actors) & {each.id for each in finding.actors})


def _knowledge(encoder: EnglishEncoder, models: ReadingModels) -> ReadingKnowledge:
    return ReadingKnowledge(EnglishParser(), encoder, lambda: (load_lexicon(), models), load_reading().unparsed)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--blind", nargs="+", metavar="FILE", default=[])
    given = parser.parse_args()
    placing = Placing()
    known = load_models()
    models = ReadingModels(gate(placing, _knowledge(EnglishEncoder(), ReadingModels(OPEN, known.news))), known.news)
    if given.blind:
        encoder, *batches = given.blind
        blind = _knowledge(EnglishEncoder(Path(encoder)), models)
        models = ReadingModels(models.gate, news(placing, blind, batches))
    table = {"gate": plain_model(models.gate), "news": plain_model(models.news)}
    OUT.write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
