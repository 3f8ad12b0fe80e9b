"""`python -m tests.quality.train_readings`: fits the learned reading on labeled news, into seeds/reading-models.json.

Needs scikit-learn (`pip install scikit-learn`), which neither the product nor its tests do. With `--held-out BATCH …`
it fits without each of these in turn and prints how it reads it instead.

An annotator names the acts of an item, not the sentence of each: an act is taken to stand in the sentence that has most
of its parties, and in a second round in the one that the models of the first find likeliest.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import seeds
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.mentions import find_mentions
from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.act_features import Candidate, SentenceFeatures, word_features
from firstwire.core.events.background import genre_of, is_open
from firstwire.core.events.claimed_ranks import OF_NATIONS, claims_of
from firstwire.core.events.detection import read_article
from firstwire.core.events.findings import Claim, FoundAct
from firstwire.core.events.learned_acts import (
    FAMILIES,
    FIRST,
    ReadingModels,
    act_probabilities,
    group_of,
    read_acts,
    read_first,
    status_features,
)
from firstwire.core.events.news_features import news_features, told_of
from firstwire.core.events.parsed_acts import Reader
from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.events.reading import NOTICED_AT, ReadingKnowledge, sentences_of
from firstwire.core.events.triggers import may_tell
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.linear_models import LinearModel, crossed
from firstwire.core.language.parses import Tree, words_to_parse
from firstwire.files.lexicon import load_lexicon
from firstwire.files.parser import EnglishParser
from firstwire.files.reading_models import load_reading
from tests.quality.reading_sets import (
    BATCHES,
    NATURAL,
    Item,
    LabeledAct,
    item_of,
    load_items,
    load_natural,
    load_portal,
    load_portal_firsts,
    shared_sentences,
)
from tests.support.knowledge import shipped_gazetteer

OUT = Path(seeds.__path__[0]) / "reading-models.json"
RECOGNITIONS = FAMILIES["recognition"]
ACTIONS = (
    *RECOGNITIONS,
    *("establish_relations", "restore_relations", "upgrade_relations", "downgrade_relations", "suspend_relations"),
    *("sever_relations", "open_embassy", "close_embassy", "accredit_ambassador", "expel_ambassador"),
    *("recall_ambassador", "summon_ambassador", "impose_sanctions", "lift_sanctions", "list_terror", "delist_terror"),
    *("sign", "ratify"),
)
ROUNDS = 2
DRAWN_EVERY = 3
"""Of the sentences of the shared data, for the gate."""
NOTHING = {"acts": [], "alert_recognition": False, "alert_relation": False, "alert_first_nation": False}
SEEN_AT_LEAST = 2
"""Sentences that a feature must occur in."""
DIGITS = 3
LEAST_WEIGHT = 0.02
"""Features that weigh less for every class are left out: they are half of all."""
NOT_FITTED = LinearModel((), (), {})
OPEN = LinearModel(("gate",), (10.0,), {})
"""A gate that lets all pass."""


@dataclass
class Read:
    """A sentence as the models see it."""

    sentence: Sentence
    before: Sentence | None
    looked: Any
    """`SentenceFeatures`, or `UnparsedFeatures`."""


@dataclass
class ReadItem:
    item: Item
    sentences: list[Read]


class Fitting:
    """What names mean, and the parses of all sentences."""

    def __init__(self) -> None:
        self.gazetteer: Gazetteer = shipped_gazetteer()
        self.lexicon = load_lexicon()
        self.parser = EnglishParser()

    def read(self, item: Item) -> ReadItem:
        sentences: list[Read] = []
        for sentence, before in sentences_of(item.article, self.gazetteer):
            parse = self.parser(words_to_parse(sentence, self.lexicon))
            tree = Tree(sentence, parse)
            sentences.append(Read(sentence, before, SentenceFeatures(tree, before, self.lexicon)))
        return ReadItem(item, sentences)

    def drawn(self) -> list[Read]:
        """Sentences of the shared data that may tell something, every few of them."""
        found: list[Read] = []
        for number, text in enumerate(shared_sentences()):
            if number % DRAWN_EVERY or not may_tell(text):
                continue
            item = item_of({"id": str(number), "title": text, "date": "2020-01-01", "label": NOTHING})
            found += self.read(item).sentences
        return found

    def ids(self, names: Iterable[str]) -> set[str]:
        return {self.id_of(name) for name in names}

    def id_of(self, name: str) -> str:
        found = self.gazetteer.named(name) or self.gazetteer.named(name.title())
        return found.id if found is not None else "-".join(name.lower().replace("'", "").split())

    def parts(
        self, read: Read, act: LabeledAct, actors: set[str], targets: set[str]
    ) -> Iterator[tuple[Candidate, str]]:
        """The part of every name in an act of its sentence."""
        for name in read.looked.candidates:
            is_target = self.names(name.entity.id, targets)
            yield name, "actor" if name.entity.id in actors else "target" if is_target else "none"

    def names(self, entity_id: str, wanted: set[str]) -> bool:
        """Whether an entity is one of those wanted; an unlisted one may share most of its words."""
        if entity_id in wanted:
            return True
        words = set(entity_id.split("-"))
        return any(
            self.gazetteer.entity(one) is None
            and len(words & set(one.split("-"))) >= max(1, min(len(words), len(one.split("-"))) - 1)
            for one in wanted
        )


def fitted(fitting: Fitting, items: Sequence[ReadItem]) -> ReadingModels:
    models: ReadingModels | None = None
    for _ in range(ROUNDS):
        models = _round(fitting, items, models)
    assert models is not None
    return models


def _round(fitting: Fitting, items: Sequence[ReadItem], before: ReadingModels | None) -> ReadingModels:
    sentences: list[dict[str, float]] = []
    told: list[set[str]] = []
    statuses: list[tuple[dict[str, float], str]] = []
    parties: list[tuple[dict[str, float], str]] = []
    is_first: list[bool] = []
    for one in items:
        firsts = _firsts(fitting, one, before)
        for place, first in firsts.items():
            read = one.sentences[place]
            statuses.append((status_features(read.looked.of_sentence, FIRST), first.status))
            acting = fitting.ids(first.actors)
            parties += [
                (crossed(name.features, group_of(FIRST)), "actor" if name.entity.id in acting else "none")
                for name in read.looked.candidates
            ]
        is_first += [at in firsts for at in range(len(one.sentences))]
        placed: dict[int, set[str]] = defaultdict(set)
        for act, is_background in (*((a, False) for a in one.item.acts), *((a, True) for a in one.item.background)):
            if act.action not in ACTIONS:
                continue
            actors, targets = fitting.ids(act.actors), fitting.ids(act.targets)
            at = _place_of(fitting, one, act, actors | targets, before, is_background=is_background)
            if at is None:
                continue
            placed[at].add(act.action)
            read = one.sentences[at]
            status = "historical" if is_background and act.status == "asserted" else act.status
            statuses.append((status_features(read.looked.of_sentence, act.action), status))
            for name, part in fitting.parts(read, act, actors, targets):
                parties.append((crossed(name.features, group_of(act.action)), part))
        for at, read in enumerate(one.sentences):
            sentences.append(read.looked.of_sentence)
            told.append(placed[at])
    families, acts = {}, {}
    for family, members in (("recognition", RECOGNITIONS), ("relations", ACTIONS[len(RECOGNITIONS) :])):
        is_told = [bool(each & set(members)) for each in told]
        families[family] = regression(sentences, [family if yes else "" for yes in is_told], strength=1.0, only=family)
        rows = [
            (row, action) for row, each in zip(sentences, told, strict=True) for action in sorted(each & set(members))
        ]
        acts[family] = regression([row for row, _ in rows], [action for _, action in rows], strength=2.0)
    return ReadingModels(
        families=families,
        acts=acts,
        gate=OPEN,
        news=NOT_FITTED,
        firsts=regression(sentences, [FIRST if yes else "" for yes in is_first], strength=1.0, only=FIRST),
        status=regression([row for row, _ in statuses], [status for _, status in statuses], strength=1.0),
        parties=regression([row for row, _ in parties], [part for _, part in parties], strength=0.5),
    )


def _firsts(fitting: Fitting, one: ReadItem, before: ReadingModels | None) -> dict[int, LabeledAct]:
    """The sentences that tell a nation's first, with what is first in them."""
    found = {}
    for act in one.item.acts:
        if act.ordinal != 1 or (act.status == "asserted" and not one.item.tells_first):
            continue
        wanted = fitting.ids(act.actors)
        known = [entity for each in wanted if (entity := fitting.gazetteer.entity(each)) is not None]
        if not one.item.tells_first and not any(entity.kind in {"nation", "organization"} for entity in known):
            continue
        worths = [(_worth_as_first(fitting, read, wanted, before), -at) for at, read in enumerate(one.sentences)]
        if worths:
            found[-max(worths)[1]] = act
    return found


def _worth_as_first(fitting: Fitting, read: Read, wanted: set[str], before: ReadingModels | None) -> float:
    names = {name.entity.id for name in read.looked.candidates if fitting.names(name.entity.id, wanted)}
    worth = len(names) + 2.0 * any(name.startswith("R:") for name in read.looked.of_sentence)
    if before is not None:
        (probability,) = before.firsts.probabilities(read.looked.of_sentence).values()
        worth += 3 * probability
    return worth


def _place_of(
    fitting: Fitting,
    one: ReadItem,
    act: LabeledAct,
    wanted: set[str],
    before: ReadingModels | None,
    *,
    is_background: bool,
) -> int | None:
    best: tuple[float, int] | None = None
    for at, read in enumerate(one.sentences):
        found = {name.entity.id for name in read.looked.candidates if fitting.names(name.entity.id, wanted)}
        worth = float(len(found))
        if before is not None:
            worth += 2 * act_probabilities(read.looked.of_sentence, before).get(act.action, 0.0)
        if is_background and read.sentence.field == "title":
            worth -= 1
        if worth > 0 and (best is None or (worth, -at) > (best[0], -best[1])):
            best = (worth, at)
    return best[1] if best is not None else None


def regression(
    rows: Sequence[Mapping[str, float]], labels: Sequence[str], *, strength: float, only: str | None = None
) -> LinearModel:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    seen = Counter(name for row in rows for name in row)
    kept = [{name: value for name, value in row.items() if seen[name] >= SEEN_AT_LEAST} for row in rows]
    vectorizer = DictVectorizer(dtype=np.float64)
    table = vectorizer.fit_transform(kept)
    model = LogisticRegression(C=strength, max_iter=1000, tol=1e-5).fit(table, list(labels))
    classes = tuple(str(name) for name in model.classes_)
    if only is not None:
        assert classes == ("", only)
        classes = (only,)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(classes) == 2:  # one row for the second of both: half of it for each
        coefficients = np.vstack((-coefficients / 2, coefficients / 2))
        intercepts = np.concatenate((-intercepts / 2, intercepts / 2))
    weights = {}
    for name, column in vectorizer.vocabulary_.items():
        row = tuple(round(float(value), DIGITS) for value in coefficients[:, column])
        if max(map(abs, row)) >= LEAST_WEIGHT:
            weights[name] = row
    bias = tuple(round(float(value), DIGITS) for value in intercepts)
    return LinearModel(classes, bias, dict(sorted(weights.items())))


def with_gate(fitting: Fitting, models: ReadingModels, items: Sequence[ReadItem]) -> ReadingModels:
    """The models, with the one that knows by words alone where a parse would find nothing.

    It is taught by what the parsed sentences give: those of labeled items, and every few of the shared data.
    """
    rows: list[dict[str, float]] = []
    finds: list[bool] = []
    reads = [read for one in items for read in one.sentences]
    reads += fitting.drawn()
    for read in reads:
        rows.append(word_features(read.sentence))
        finds.append(_finds(fitting, read, models))
    return replace(models, gate=regression(rows, ["gate" if yes else "" for yes in finds], strength=1.0, only="gate"))


def _finds(fitting: Fitting, read: Read, models: ReadingModels) -> bool:
    sentence = ParsedSentence(read.looked.tree, read.before, fitting.lexicon)
    if any(act.actors or act.targets for act in Reader(read.looked.tree, read.before, fitting.lexicon).acts):
        return True
    if read_acts(read.looked, models):
        return True
    first = read_first(read.looked, models, at_least=NOTICED_AT)
    return any(claim.claims_first or _is_of_nation(claim) for claim in claims_of(sentence, first))


def _is_of_nation(claim: Claim) -> bool:
    return claim.kind in OF_NATIONS and any(actor.kind == "nation" for actor in claim.actors)


def with_news(fitting: Fitting, models: ReadingModels, batches: Mapping[str, Sequence[ReadItem]]) -> ReadingModels:
    """The models, with the one that tells an article's news from its background.

    It is taught by what the others find in articles that they were not fitted on: halves of the batches by turns.
    """
    rows: list[dict[str, float]] = []
    is_news: list[bool] = []
    whole = [name for name, items in batches.items() if any(one.item.article.body for one in items)]
    for half in (whole[::2], whole[1::2]):
        blind = fitted(fitting, [one for name, items in batches.items() if name not in half for one in items])
        knowledge = ReadingKnowledge(fitting.parser, _given(fitting.lexicon, blind), load_reading().unparsed)
        for one in (one for name in half for one in batches[name]):
            if one.item.is_debatable:
                continue
            for finding, features in _in_body(fitting, one.item, knowledge):
                rows.append(features)
                is_news.append(any(_is_told(fitting, finding, act) for act in one.item.acts))
    told = ["news" if yes else "" for yes in is_news]
    return replace(models, news=regression(rows, told, strength=0.1, only="news"))


def _given(lexicon: Lexicon, models: ReadingModels) -> Callable[[], tuple[Lexicon, ReadingModels]]:
    return lambda: (lexicon, models)


def _in_body(fitting: Fitting, item: Item, knowledge: ReadingKnowledge) -> Iterator[tuple[FoundAct, dict[str, float]]]:
    """What is found in the body of an article, before news is told from background, with its features."""
    read = read_article(item.article, find_mentions(item.article, fitting.gazetteer), knowledge)
    told = told_of(read.findings, read.headline, genre_of(item.article.title), item.article.fetched_at[:10])
    for finding in read.findings:
        if is_open(finding):
            yield finding, news_features(finding, told)


def _is_told(fitting: Fitting, finding: FoundAct, act: LabeledAct) -> bool:
    """Whether an act of the item's news is the finding: the same act, or the same first, of one of its actors."""
    if act.status != "asserted" or not (finding.action == act.action or (act.ordinal == 1 and finding.ordinal == 1)):
        return False
    return bool(fitting.ids(act.actors) & {each.id for each in finding.actors})


def plain(models: ReadingModels) -> dict[str, Any]:
    return {
        "families": {name: plain_model(each) for name, each in models.families.items()},
        "acts": {name: plain_model(each) for name, each in models.acts.items()},
        "firsts": plain_model(models.firsts),
        "gate": plain_model(models.gate),
        "news": plain_model(models.news),
        "status": plain_model(models.status),
        "parties": plain_model(models.parties),
    }


def plain_model(model: LinearModel) -> dict[str, Any]:
    return {"classes": model.classes, "bias": model.bias, "weights": model.weights}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--held-out", nargs="*", default=[])
    parser.add_argument("--without", nargs="*", default=[])
    given = parser.parse_args()
    held_out = given.held_out
    fitting = Fitting()
    texts = {batch: load_items(batch) for batch in BATCHES if batch not in given.without}
    texts |= {batch: load_natural(batch) for batch in NATURAL if batch not in given.without}
    if "portal" not in given.without:
        texts["portal"] = load_portal()
        texts["portal-firsts"] = load_portal_firsts()
    batches = {batch: [fitting.read(item) for item in items] for batch, items in texts.items()}
    for batch in held_out:
        models = fitted(fitting, [one for name, items in batches.items() if name != batch for one in items])
        for line in measured(fitting, batch, batches[batch], models):
            print(line, flush=True)
    if held_out:
        return
    items = [one for read in batches.values() for one in read]
    models = with_news(fitting, with_gate(fitting, fitted(fitting, items), items), batches)
    OUT.write_text(json.dumps(plain(models), separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB")


def measured(fitting: Fitting, batch: str, items: Sequence[ReadItem], models: ReadingModels) -> Iterator[str]:
    counts: Counter[tuple[str, str]] = Counter()
    for one in items:
        if one.item.is_debatable:
            continue
        acts = [act for read in one.sentences for act in read_acts(read.looked, models)]
        for kind, wanted in zip(("recognition", "relations"), one.item.alerts, strict=False):
            found = any(
                act.status == "asserted"
                and bool(act.actors)
                and (act.action == "recognize" if kind == "recognition" else act.action != "recognize")
                for act in acts
            )
            counts[kind, f"{found}{wanted}"] += 1
    for kind in ("recognition", "relations"):
        hit, false, missed = (counts[kind, key] for key in ("TrueTrue", "TrueFalse", "FalseTrue"))
        precision, recall = hit / max(1, hit + false), hit / max(1, hit + missed)
        yield f"{batch} {kind}: P {precision:.2f} R {recall:.2f} ({hit}, {false}, {missed})"


if __name__ == "__main__":
    main()
